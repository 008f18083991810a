#include "store/tape_reader.hpp"

#include <hdf5_hl.h>

#include <filesystem>

#include "store/hdf5_handle.hpp"

namespace quotesweep {
namespace {

constexpr std::int64_t tape_version = 1;

class TapeFile {
 public:
  explicit TapeFile(const std::string& path) : file_(open(path)) {}

  double number(const char* name) const {
    double value = 0.0;
    int rank = -1;
    if (H5Aexists(file_.get(), name) <= 0 ||
        H5LTget_attribute_ndims(file_.get(), "/", name, &rank) < 0 || rank != 0 ||
        H5LTget_attribute(file_.get(), "/", name, H5T_NATIVE_DOUBLE, &value) < 0)
      throw Error("has no attribute {}: it is not a tape", name);
    return value;
  }

  std::vector<std::int64_t> times() const {
    std::vector<std::int64_t> values(shape_of("time", 1)[0]);
    read("time", H5T_NATIVE_INT64, values.data());
    return values;
  }

  std::vector<std::string> symbols() const {
    const std::size_t count = shape_of("symbol", 1)[0];
    const auto data = dataset("symbol");
    const Hdf5Handle type(H5Dget_type(data.get()), H5Tclose, "read symbol");
    if (H5Tis_variable_str(type.get()) <= 0) throw Error("its variable symbol is no text");
    std::vector<char*> texts(count, nullptr);
    require(H5Dread(data.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()),
            "read symbol");
    std::vector<std::string> names;
    for (char* text : texts) {
      names.emplace_back(text != nullptr ? text : "");
      H5free_memory(text);
    }
    return names;
  }

  /// A variable's rows, one per symbol.
  std::vector<std::vector<double>> rows(const char* name, std::size_t symbols, hsize_t bars) const {
    if (shape_of(name, 2) != std::vector<hsize_t>{symbols, bars})
      throw Error("its variable {} is not symbols x bars = {} x {}", name, symbols, bars);
    std::vector<std::vector<double>> rows(symbols, std::vector<double>(bars));
    const auto data = dataset(name);
    const Hdf5Handle space(H5Dget_space(data.get()), H5Sclose, "read a shape");
    const Hdf5Handle row(H5Screate_simple(1, &bars, nullptr), H5Sclose, "read a row");
    for (hsize_t i = 0; i < symbols; ++i) {
      const hsize_t first[] = {i, 0}, counts[] = {1, bars};
      require(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, first, nullptr, counts, nullptr),
              std::string("read ") + name);
      require(H5Dread(data.get(), H5T_NATIVE_DOUBLE, row.get(), space.get(), H5P_DEFAULT,
                      rows[i].data()),
              std::string("read ") + name);
    }
    return rows;
  }

 private:
  static Hdf5Handle open(const std::string& path) {
    prepare_hdf5();
    std::error_code unknown;
    if (!std::filesystem::exists(path, unknown)) throw Error("there is no such file");
    const auto access = access_without_locks();
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get());
    if (file < 0) throw Error("cannot be read as HDF5 (it is not a tape, or damaged)");
    return {file, H5Fclose, "open " + path};
  }

  Hdf5Handle dataset(const char* name) const {
    if (H5Lexists(file_.get(), name, H5P_DEFAULT) <= 0)
      throw Error("has no variable {}: it is not a tape", name);
    return {H5Dopen2(file_.get(), name, H5P_DEFAULT), H5Dclose, "open dataset"};
  }

  /// Lengths along the dimensions, of which there must be `rank`.
  std::vector<hsize_t> shape_of(const char* name, int rank) const {
    const auto data = dataset(name);
    const Hdf5Handle space(H5Dget_space(data.get()), H5Sclose, "read a shape");
    hsize_t lengths[H5S_MAX_RANK] = {};
    if (const int found = H5Sget_simple_extent_dims(space.get(), lengths, nullptr); found != rank)
      throw Error("its variable {} has {} dimensions, must have {}", name, found, rank);
    return {lengths, lengths + rank};
  }

  void read(const char* name, hid_t type, void* values) const {
    require(H5Dread(dataset(name).get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values),
            std::string("read ") + name);
  }

  Hdf5Handle file_;
};

Tape read(const std::string& path) {
  const TapeFile file(path);
  if (const double version = file.number("quotesweep_tape_version"); version > tape_version)
    throw Error("has tape version {} (this program reads up to {}); update quotesweep", version,
                tape_version);
  Tape tape{.time = file.times(),
            .bar_seconds = file.number("bar_seconds"),
            .bars_per_year = file.number("annualization")};
  const auto names = file.symbols();
  for (const auto& name : names) tape.symbols.push_back({.symbol = name});
  const auto fill = [&](const char* variable, std::vector<double> Bars::*series) {
    auto rows = file.rows(variable, names.size(), tape.size());
    for (std::size_t i = 0; i < names.size(); ++i) tape.symbols[i].*series = std::move(rows[i]);
  };
  fill("open", &Bars::open);
  fill("high", &Bars::high);
  fill("low", &Bars::low);
  fill("close", &Bars::close);
  fill("volume", &Bars::volume);
  check_tape(tape);
  return tape;
}

}  // namespace

Tape read_tape(const std::string& path) {
  try {
    return read(path);
  } catch (const Error& error) {
    throw Error("{}: {}. Make a tape with quotesweep-import.", path, error.what());
  }
}

}  // namespace quotesweep
