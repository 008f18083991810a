// Reads what the writer wrote with HDF5 itself.

#include <hdf5.h>
#include <hdf5_hl.h>

#include <bit>
#include <catch2/catch.hpp>
#include <map>
#include <optional>

#include "store/failure_table.hpp"
#include "store/fixture.hpp"
#include "store/hdf5_handle.hpp"
#include "store/state_row.hpp"

using namespace quotesweep;
using namespace quotesweep::testing;

namespace {

Hdf5Handle open_file(const std::string& path) {
  const auto access = access_without_locks();
  return {H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose, "open " + path};
}

Hdf5Handle open_dataset(const Hdf5Handle& file, const std::string& name) {
  return {H5Dopen2(file.get(), name.c_str(), H5P_DEFAULT), H5Dclose, "open " + name};
}

/// Rows of a slot of the resumable state.
std::vector<std::vector<double>> slot(const std::string& path, std::uint64_t number) {
  const auto file = open_file(path);
  const auto dataset = open_dataset(file, std::string("state/") + state_slots.at(number));
  std::vector<std::vector<double>> result(12, std::vector<double>(5));
  std::vector<double> all(12 * 5);
  REQUIRE(H5Dread(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data()) >=
          0);
  for (std::size_t i = 0; i < all.size(); ++i) result[i / 5][i % 5] = all[i];
  return result;
}

std::vector<std::string> failures(const std::string& path) {
  const auto file = open_file(path);
  const auto dataset = open_dataset(file, std::string("state/") + failure_dataset);
  const Hdf5Handle type(H5Dget_type(dataset.get()), H5Tclose, "read");
  std::string all(failure_rows * failure_length, '\0');
  REQUIRE(H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data()) >= 0);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < failure_rows; ++i)
    if (const std::string text = all.c_str() + i * failure_length; !text.empty())
      texts.push_back(text);
  return texts;
}

herr_t collect(hid_t, const char* name, const H5O_info_t* info, void* names) {
  if (info->type == H5O_TYPE_DATASET)
    static_cast<std::vector<std::string>*>(names)->push_back(name);
  return 0;
}

/// Where the bytes of every dataset begin, and how many there are.
std::map<haddr_t, hsize_t> extents(const std::string& path) {
  const auto file = open_file(path);
  std::vector<std::string> names;
  REQUIRE(H5Ovisit2(file.get(), H5_INDEX_NAME, H5_ITER_INC, collect, &names, H5O_INFO_BASIC) >= 0);
  std::map<haddr_t, hsize_t> result;
  for (const auto& name : names) {
    INFO(name);
    const auto dataset = open_dataset(file, name);
    const Hdf5Handle properties(H5Dget_create_plist(dataset.get()), H5Pclose, "read " + name);
    CHECK(H5Pget_layout(properties.get()) == H5D_CONTIGUOUS);
    CHECK(H5Dget_offset(dataset.get()) != HADDR_UNDEF);
    result[H5Dget_offset(dataset.get())] = H5Dget_storage_size(dataset.get());
  }
  return result;
}

}  // namespace

TEST_CASE("every dataset is contiguous and has its place from the start", "[store]") {
  const Scratch scratch;
  ResultsWriter grid(scratch.path("grid.h5"), grid_layout());
  CHECK(extents(scratch.path("grid.h5")).size() == 2 + 3 + 3 + 4);
  ResultsWriter list(scratch.path("list.h5"), list_layout());
  CHECK(extents(scratch.path("list.h5")).size() == 3 + 3 + 3 + 4);
}

TEST_CASE("writing rows changes nothing but bytes of datasets", "[store]") {
  const Scratch scratch;
  const auto path = scratch.path("grid.h5");
  ResultsWriter writer(path, grid_layout());
  const auto before = read_bytes(path);
  writer.write(rows(0, 12, 1.0));
  writer.write(rows(2, 5, 2.0));
  writer.write(std::vector{failed_row(3, "it broke")});
  const auto after = read_bytes(path);
  REQUIRE(after.size() == before.size());
  const auto places = extents(path);
  std::size_t changed = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == after[i]) continue;
    ++changed;
    auto place = places.upper_bound(i);
    REQUIRE(place != places.begin());
    --place;
    REQUIRE(i < place->first + place->second);
  }
  CHECK(changed > 300);
}

TEST_CASE("a state goes to the slot that its predecessor is not in", "[store]") {
  const Scratch scratch;
  const auto path = scratch.path("grid.h5");
  ResultsWriter writer(path, grid_layout());
  for (std::uint64_t i : {0, 1})
    for (const auto& empty : slot(path, i)) CHECK_FALSE(valid_state_row(empty));
  for (std::uint64_t generation = 1; generation <= 4; ++generation) {
    const auto other = slot(path, (generation + 1) % 2);
    writer.write(rows(3, 6, static_cast<double>(generation)));
    CHECK(slot(path, (generation + 1) % 2) == other);
    for (std::uint64_t point = 0; point < 12; ++point) {
      const auto stored = slot(path, generation % 2)[point];
      const bool written = point >= 3 && point < 9;
      CHECK(valid_state_row(stored) == written);
      const auto expected = row(point, static_cast<double>(generation)).state;
      if (written) CHECK(stored == make_state_row(generation, expected));
    }
  }
}

TEST_CASE("points of different generations are written together and kept apart", "[store]") {
  const Scratch scratch;
  const auto path = scratch.path("grid.h5");
  ResultsWriter writer(path, grid_layout());
  writer.write(rows(4, 3, 1.0));
  writer.write(rows(0, 12, 2.0));
  for (std::uint64_t point = 0; point < 12; ++point) {
    const bool second = point >= 4 && point < 7;
    CHECK(slot(path, second ? 0 : 1)[point] ==
          make_state_row(second ? 2 : 1, row(point, 2.0).state));
    CHECK(valid_state_row(slot(path, second ? 1 : 0)[point]) == second);
  }
}

TEST_CASE("the checksum finds every flipped bit of a state row", "[store]") {
  const auto good = make_state_row(3, std::vector<double>{1024, 0.25, -1e300, 0, std::nan("")});
  REQUIRE(valid_state_row(good));
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (int bit = 0; bit < 64; ++bit) {
      auto bad = good;
      bad[i] =
          std::bit_cast<double>(std::bit_cast<std::uint64_t>(bad[i]) ^ std::uint64_t{1} << bit);
      REQUIRE_FALSE(valid_state_row(bad));
    }
  }
}

TEST_CASE("a state row that is empty, short or zero is not valid", "[store]") {
  CHECK_FALSE(valid_state_row({}));
  CHECK_FALSE(valid_state_row(std::vector<double>(2)));
  CHECK_FALSE(valid_state_row(std::vector<double>(60)));
  auto row = make_state_row(1, std::vector<double>{1, 2, 3});
  CHECK(valid_state_row(row));
  row.pop_back();
  CHECK_FALSE(valid_state_row(row));
  CHECK_FALSE(valid_state_row(make_state_row(0, std::vector<double>{1, 2, 3})));
}

TEST_CASE("why points failed stands in the file, shortened, the first 256 times", "[store]") {
  const Scratch scratch;
  const auto path = scratch.path("grid.h5");
  ResultsWriter writer(path, grid_layout());
  CHECK(failures(path).empty());
  writer.write(
      std::vector{failed_row(2, "no memory"), row(3), failed_row(4, std::string(999, 'x'))});
  REQUIRE(failures(path).size() == 2);
  CHECK(failures(path)[0] == "point 2: no memory");
  CHECK(failures(path)[1] == "point 4: " + std::string(failure_length - 10, 'x'));
  for (int i = 0; i < 300; ++i) writer.write(std::vector{failed_row(5, "again")});
  CHECK(failures(path).size() == failure_rows);
}

TEST_CASE("attributes of every kind and the columns of the state stand in the file", "[store]") {
  const Scratch scratch;
  Layout layout = grid_layout();
  layout.attributes.push_back({"real", 0.5});
  layout.attributes.push_back({"long", std::string(200'000, 'y')});
  ResultsWriter writer(scratch.path("grid.h5"), layout);
  const auto file = open_file(scratch.path("grid.h5"));
  double real = 0.0;
  std::int64_t seed = 0;
  CHECK(H5LTget_attribute(file.get(), "/", "real", H5T_NATIVE_DOUBLE, &real) >= 0);
  CHECK(H5LTget_attribute(file.get(), "/", "seed", H5T_NATIVE_INT64, &seed) >= 0);
  CHECK(real == 0.5);
  CHECK(seed == 7);
  int rank = 0;
  hsize_t columns = 0;
  std::size_t size = 0;
  H5T_class_t kind{};
  CHECK(H5LTget_attribute_ndims(file.get(), "state", "columns", &rank) >= 0);
  CHECK(H5LTget_attribute_info(file.get(), "state", "columns", &columns, &kind, &size) >= 0);
  CHECK(columns == 5);
}
