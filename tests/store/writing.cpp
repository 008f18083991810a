#include <sys/resource.h>
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "base/error.hpp"
#include "store/file_lock.hpp"
#include "store/fixture.hpp"
#include "store/results_reader.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;
using Catch::Matchers::Contains;
using Names = std::vector<std::string>;

namespace {

/// Another process that does `work`, tells so, and then waits until the object goes.
class Other {
 public:
  template <class Work>
  explicit Other(Work work) {
    REQUIRE(pipe(ready_) == 0);
    process_ = fork();
    if (process_ == 0) {
      auto held = work();
      if (write(ready_[1], "x", 1) == 1) pause();
      _exit(0);
    }
    char byte = 0;
    REQUIRE(read(ready_[0], &byte, 1) == 1);
  }
  ~Other() { stop(); }
  Other(const Other&) = delete;
  Other& operator=(const Other&) = delete;

  void stop() {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      waitpid(process_, nullptr, 0);
    }
    process_ = 0;
  }
  pid_t process() const { return process_; }

 private:
  int ready_[2]{};
  pid_t process_ = 0;
};

/// A limit on the size of files, which ends a write as a full disk does.
class SizeLimit {
 public:
  explicit SizeLimit(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }
  SizeLimit(const SizeLimit&) = delete;
  SizeLimit& operator=(const SizeLimit&) = delete;

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("a second writer is refused and told who the first is", "[store]") {
  const Scratch scratch;
  const auto path = scratch.path("grid.h5");
  const Other other([&] { return std::make_unique<ResultsWriter>(path, grid_layout()); });
  const auto before = read_bytes(path);
  CHECK_THROWS_WITH(ResultsWriter(path, list_layout()),
                    Catch::Matchers::StartsWith(path + ": another writer") &&
                        Contains(fmt::format("process {} on ", other.process())));
  CHECK(read_bytes(path) == before);
  CHECK(std::filesystem::exists(path + ".lock"));
}

TEST_CASE("a writer that was killed leaves a lock that holds nobody up", "[store]") {
  const Scratch scratch;
  const auto path = scratch.path("grid.h5");
  Other other([&] { return std::make_unique<ResultsWriter>(path, grid_layout()); });
  other.stop();
  CHECK(std::filesystem::exists(path + ".lock"));
  CHECK(ResultsReader(path).read("status") == std::vector<double>(12, 0.0));
  CHECK_NOTHROW(write_file(path, grid_layout(), rows(0, 12)));
  CHECK_FALSE(std::filesystem::exists(path + ".lock"));
}

TEST_CASE("a lock keeps others out exactly as long as it lives", "[store]") {
  const Scratch scratch;
  {
    const FileLock lock(scratch.path("x"));
    CHECK(scratch.names() == Names{"x.lock"});
    CHECK_THROWS_AS(FileLock(scratch.path("x")), Error);
    CHECK_THROWS_AS(FileLock(scratch.path("x")), Error);
    CHECK_NOTHROW(FileLock(scratch.path("y")));
  }
  CHECK(scratch.names().empty());
  CHECK_NOTHROW(FileLock(scratch.path("x")));
}

TEST_CASE("a finished file stands alone in its folder", "[store]") {
  const Scratch scratch;
  write_file(scratch.path("grid.h5"), grid_layout(), rows(0, 12));
  CHECK(scratch.names() == Names{"grid.h5"});
}

TEST_CASE("a writer replaces the file that is there only once its own is laid out", "[store]") {
  const Scratch scratch;
  const auto path = scratch.path("grid.h5");
  write_file(path, grid_layout(), rows(0, 12));
  const auto before = read_bytes(path);
  Layout broken = list_layout();
  broken.results.push_back(broken.results.front());  // a name that is taken
  CHECK_THROWS_WITH(ResultsWriter(path, broken), Catch::Matchers::StartsWith(path + ": cannot"));
  CHECK(read_bytes(path) == before);
  CHECK(scratch.names() == Names{"grid.h5"});
  write_file(path, list_layout(), rows(0, 5));
  CHECK(ResultsReader(path).dimensions() == Names{"point"});
}

TEST_CASE("a file that does not fit on the disk leaves nothing behind", "[store]") {
  const Scratch scratch;
  Layout layout = grid_layout();
  for (auto& dimension : layout.dimensions) dimension.values.assign(100, 1.0);
  for (const rlim_t bytes : {1000, 30'000, 300'000, 700'000}) {
    const SizeLimit limit(bytes);
    CHECK_THROWS_WITH(ResultsWriter(scratch.path("big.h5"), layout),
                      Catch::Matchers::StartsWith(scratch.path("big.h5") + ": cannot"));
    CHECK(scratch.names().empty());
  }
}

TEST_CASE("a folder that is missing, or in the place of the file, is named", "[store]") {
  const Scratch scratch;
  const auto missing = scratch.path("missing/grid.h5");
  CHECK_THROWS_WITH(ResultsWriter(missing, grid_layout()),
                    Catch::Matchers::StartsWith(missing + ": cannot write"));
  std::filesystem::create_directory(scratch.path("folder"));
  CHECK_THROWS_WITH(ResultsWriter(scratch.path("folder"), grid_layout()),
                    Catch::Matchers::StartsWith(scratch.path("folder") + ": cannot write"));
  CHECK(scratch.names() == Names{"folder"});
}
