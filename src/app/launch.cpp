#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>

#include "app/commands.hpp"
#include "app/interrupt.hpp"
#include "app/warnings.hpp"
#include "base/error.hpp"
#include "config/read_study.hpp"
#include "store/stored_states.hpp"

namespace quotesweep {
namespace {

using Words = std::vector<std::string>;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// Ranks and threads a rank. A batch job says how many tasks it has; on one machine there is one
/// rank a core.
struct Crew {
  int ranks = 1;
  int threads = 1;
  bool batch = false;
};

int positive(const std::string& text) {
  const int value = std::atoi(text.c_str());
  return value > 0 ? value : 0;
}

Crew choose_crew(const LaunchOptions& options) {
  const auto cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const int slurm = positive(variable("SLURM_NTASKS")), pbs = positive(variable("PBS_NP"));
  Crew crew{.batch = slurm > 0 || !variable("PBS_NODEFILE").empty()};
  crew.ranks = options.ranks > 0 ? options.ranks : slurm > 0 ? slurm : pbs > 0 ? pbs : cores;
  const int per_task = positive(variable("SLURM_CPUS_PER_TASK"));
  crew.threads = options.run.study.threads > 0 ? options.run.study.threads
                 : per_task > 0                ? per_task
                 : crew.batch                  ? 1
                                               : std::max(1, cores / crew.ranks);
  return crew;
}

/// mpirun with what lets a sweep outlive dead ranks and lost hosts, and leaves placement to it.
Words command_line(const LaunchOptions& options, const Crew& crew) {
  Words words{"mpirun", "-n", std::to_string(crew.ranks), "--enable-recovery", "--oversubscribe"};
  const auto set = [&](const char* key, const char* value) {
    words.insert(words.end(), {"--mca", key, value});
  };
  // A host that is gone is noticed within seconds, and a stopped rank has time to write.
  set("oob_tcp_keepalive_time", "3");
  set("oob_tcp_keepalive_intvl", "1");
  set("oob_tcp_keepalive_probes", "3");
  set("odls_base_sigkill_timeout", "3");
  set("orte_abort_on_non_zero_status", "0");
  if (crew.threads > 1 && crew.batch)
    words.insert(words.end(), {"--map-by", fmt::format("slot:PE={}", crew.threads)});
  else
    words.insert(words.end(), {"--bind-to", "none"});
  if (!options.hostfile.empty()) words.insert(words.end(), {"--hostfile", options.hostfile});
  for (const auto& argument : options.mpi_arguments) words.push_back(argument);
  words.push_back(std::filesystem::read_symlink("/proc/self/exe").string());
  words.push_back("run");
  words.insert(words.end(), options.arguments.begin(), options.arguments.end());
  if (options.run.study.threads == 0)
    words.insert(words.end(), {"--threads", std::to_string(crew.threads)});
  return words;
}

pid_t start(const Words& words) {
  const pid_t child = fork();
  if (child < 0) throw Error("cannot start mpirun: {}", std::strerror(errno));
  if (child > 0) return child;
  if (geteuid() == 0) {  // as in containers; mpirun asks twice
    setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1);
    setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 1);
  }
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  setpgid(0, 0);                     // a Ctrl-C reaches the ranks through this process, once
  prctl(PR_SET_PDEATHSIG, SIGTERM);  // whose own end, however it comes, ends them
  execvp(arguments[0], arguments.data());
  fmt::print(stderr, "quotesweep: mpirun: {}. Install Open MPI, or use `quotesweep run`.\n",
             std::strerror(errno));
  std::_Exit(exit_bad_usage);
}

/// Waits for mpirun; passes a stop on as SIGUSR1, which it forwards to every rank. A second
/// SIGINT ends this process, and mpirun with it.
int wait_for(pid_t child) {
  bool told = false;
  for (int status = 0;;) {
    const pid_t ended = waitpid(child, &status, WNOHANG);
    if (ended == child) return WIFEXITED(status) ? WEXITSTATUS(status) : exit_interrupted;
    if (ended < 0 && errno != EINTR) throw Error("mpirun is lost: {}", std::strerror(errno));
    if (!told && *interrupted() != '\0') {
      kill(child, SIGUSR1);
      told = true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

/// What the results file says, whatever became of mpirun.
int judge(const std::string& file, bool strict) {
  if (!std::filesystem::exists(file)) return exit_interrupted;  // before it was laid out
  const auto all = StoredStates(file).status();
  bool failed = false;
  for (const auto status : all) {
    if (status != PointStatus::complete && status != PointStatus::failed) return exit_interrupted;
    failed = failed || status == PointStatus::failed;
  }
  const bool warned = strict && !file_warnings(ResultsReader(file)).empty();
  return failed || warned ? exit_failed_points : exit_complete;
}

}  // namespace

int launch(const LaunchOptions& options) {
  const Study study = read_study(options.run.study.study, options.run.study.overrides);
  const auto output = options.run.output.value_or(study.output);
  catch_interrupts();
  const auto crew = choose_crew(options);
  const auto words = command_line(options, crew);
  if (options.dry_run) {
    fmt::print("{}\n", fmt::join(words, " "));
    return exit_complete;
  }
  const int status = wait_for(start(words));
  std::error_code unknown;
  if (status == exit_bad_usage || !std::filesystem::exists(output, unknown))
    return exit_bad_usage;  // the run has said why
  return judge(output, options.run.strict);
}

}  // namespace quotesweep
