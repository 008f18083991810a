#include "store/results_reader.hpp"

#include <hdf5_hl.h>

#include <algorithm>
#include <numeric>

#include "store/hdf5_handle.hpp"
#include "store/row_check.hpp"
#include "store/seal.hpp"

namespace quotesweep {
namespace {

Hdf5Handle open_file(const std::string& path) {
  prepare_hdf5();
  check_seal(path);
  const auto access = access_without_locks();
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get());
  if (file < 0)
    throw Error("{}: cannot be read as HDF5 (it is not a results file, or damaged)", path);
  return {file, H5Fclose, "open " + path};
}

herr_t collect_name(hid_t group, const char* name, const H5L_info_t*, void* names) {
  H5O_info_t info;
  if (H5Oget_info_by_name2(group, name, &info, H5O_INFO_BASIC, H5P_DEFAULT) < 0) return -1;
  if (info.type == H5O_TYPE_DATASET) static_cast<std::vector<std::string>*>(names)->push_back(name);
  return 0;
}

std::string read_text(hid_t object, const std::string& name) {
  if (H5Aexists(object, name.c_str()) <= 0) return "";
  const Hdf5Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose,
                             "read attribute " + name);
  const Hdf5Handle type(H5Aget_type(attribute.get()), H5Tclose, "read attribute " + name);
  if (H5Tis_variable_str(type.get()) <= 0) return "";
  char* text = nullptr;
  require(H5Aread(attribute.get(), type.get(), &text), "read attribute " + name);
  const std::string copy = text != nullptr ? text : "";
  H5free_memory(text);
  return copy;
}

}  // namespace

class ResultsReader::Impl {
 public:
  explicit Impl(const std::string& path) : path_(path), file_(open_file(path)) {}

  Hdf5Handle dataset(const std::string& name) const {
    if (H5Lexists(file_.get(), name.c_str(), H5P_DEFAULT) <= 0)
      throw Error("{}: has no variable '{}'. `quotesweep show {} --csv` names them all.", path_,
                  name, path_);
    return {H5Dopen2(file_.get(), name.c_str(), H5P_DEFAULT), H5Dclose, "open dataset " + name};
  }
  hid_t file() const { return file_.get(); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  Hdf5Handle file_;
};

ResultsReader::ResultsReader(const std::string& path) : impl_(std::make_unique<Impl>(path)) {
  std::int64_t version = 0;
  if (H5Aexists(impl_->file(), "format_version") <= 0 ||
      H5LTget_attribute(impl_->file(), "/", "format_version", H5T_NATIVE_INT64, &version) < 0)
    throw Error("{}: is HDF5, but not a quotesweep results file", path);
  if (version > format_version)
    throw Error("{}: has format version {} (this program reads up to {}). Update quotesweep.", path,
                version, format_version);
}

ResultsReader::~ResultsReader() = default;
ResultsReader::ResultsReader(ResultsReader&&) noexcept = default;

std::vector<std::string> ResultsReader::names() const {
  std::vector<std::string> names;
  require(H5Literate(impl_->file(), H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, collect_name, &names),
          "list the variables of " + impl_->path());
  return names;
}

std::vector<std::string> ResultsReader::dimensions() const {
  auto all = names();
  std::erase_if(all, [&](const auto& name) {
    const auto dataset = impl_->dataset(name);
    return H5DSis_scale(dataset.get()) <= 0 || H5Aexists(dataset.get(), inner_mark) > 0;
  });
  return all;
}

std::vector<std::uint64_t> ResultsReader::shape(const std::string& name) const {
  const auto dataset = impl_->dataset(name);
  const Hdf5Handle space(H5Dget_space(dataset.get()), H5Sclose, "read shape of " + name);
  std::vector<hsize_t> lengths(
      static_cast<std::size_t>(std::max(0, H5Sget_simple_extent_ndims(space.get()))));
  if (!lengths.empty()) H5Sget_simple_extent_dims(space.get(), lengths.data(), nullptr);
  return {lengths.begin(), lengths.end()};
}

ElementType ResultsReader::type(const std::string& name) const {
  const auto dataset = impl_->dataset(name);
  const Hdf5Handle type(H5Dget_type(dataset.get()), H5Tclose, "read type of " + name);
  if (H5Tget_class(type.get()) == H5T_FLOAT) return ElementType::float64;
  if (H5Tget_class(type.get()) == H5T_STRING) return ElementType::text;
  return H5Tget_size(type.get()) == 1 ? ElementType::int8 : ElementType::int64;
}

bool ResultsReader::is_coordinate(const std::string& name) const {
  return shape(name).size() == 1 && !attribute(name, "parameter").empty();
}

std::vector<std::string> ResultsReader::read_labels(const std::string& name) const {
  const auto dataset = impl_->dataset(name);
  const Hdf5Handle type(H5Dget_type(dataset.get()), H5Tclose, "read type of " + name);
  std::vector<char*> texts(shape(name).at(0), nullptr);
  if (H5Tis_variable_str(type.get()) <= 0)
    throw Error("{}: {} is no text of ours", impl_->path(), name);
  require(H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()),
          "read " + name + " of " + impl_->path());
  std::vector<std::string> labels;
  for (char* text : texts) {
    labels.emplace_back(text != nullptr ? text : "");
    H5free_memory(text);
  }
  return labels;
}

std::vector<double> ResultsReader::read(const std::string& name) const {
  std::uint64_t count = 1;
  for (const auto length : shape(name)) count *= length;
  std::vector<double> values(count);
  require(H5Dread(impl_->dataset(name).get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                  values.data()),
          "read " + name + " of " + impl_->path());
  return values;
}

void ResultsReader::check_points(std::uint64_t first, std::uint64_t count) const {
  constexpr std::uint64_t batch = 4096;  // bounds the memory
  const RawFile file(impl_->path(), RawFile::Mode::read);
  const DataMap map = map_data(impl_->path());
  for (std::uint64_t end = first + count; first < end; first += batch) {
    const std::uint64_t last = std::min(first + batch, end);
    if (const auto damaged = first_damaged_point(file, map, first, last - first); damaged < last)
      throw Error(
          "{}: the results of point {} are damaged. Restore the file from a copy, or make it anew "
          "with `quotesweep run --fresh`.",
          impl_->path(), damaged);
  }
}

std::vector<double> ResultsReader::point_values(const std::string& coordinate) const {
  std::vector<double> values;
  if (type(coordinate) == ElementType::text) {
    values.resize(shape(coordinate).at(0));
    std::iota(values.begin(), values.end(), 0.0);
  } else {
    values = read(coordinate);
  }
  const auto names = dimensions();
  const auto at = std::find(names.begin(), names.end(), coordinate);
  if (at == names.end()) return values;  // along the dimension of the points
  std::uint64_t inner = 1, points = 1;
  for (auto name = names.begin(); name != names.end(); ++name) {
    points *= shape(*name)[0];
    if (name > at) inner *= shape(*name)[0];
  }
  std::vector<double> result(points);
  for (std::uint64_t i = 0; i < points; ++i) result[i] = values[i / inner % values.size()];
  return result;
}

std::string ResultsReader::attribute(const std::string& name, const std::string& attribute) const {
  if (name.empty()) return read_text(impl_->file(), attribute);
  return read_text(impl_->dataset(name).get(), attribute);
}

std::int64_t ResultsReader::integer_attribute(const std::string& name) const {
  std::int64_t value = 0;
  if (H5Aexists(impl_->file(), name.c_str()) <= 0 ||
      H5LTget_attribute(impl_->file(), "/", name.c_str(), H5T_NATIVE_INT64, &value) < 0)
    throw Error("{}: has no attribute {}", impl_->path(), name);
  return value;
}

}  // namespace quotesweep
