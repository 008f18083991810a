#include "store/create_file.hpp"

#include <hdf5_hl.h>

#include <limits>

#include "store/failure_table.hpp"
#include "store/hdf5_handle.hpp"
#include "store/row_check.hpp"
#include "store/state_row.hpp"

namespace quotesweep {
namespace {

using Dimensions = std::vector<hsize_t>;

hid_t native_type(ElementType type) {
  if (type == ElementType::float64) return H5T_IEEE_F64LE;
  return type == ElementType::int64 ? H5T_STD_I64LE : H5T_STD_I8LE;
}

Hdf5Handle make_dataspace(const Dimensions& dimensions) {
  if (dimensions.empty()) return {H5Screate(H5S_SCALAR), H5Sclose, "make a dataspace"};
  return {H5Screate_simple(static_cast<int>(dimensions.size()), dimensions.data(), nullptr),
          H5Sclose, "make a dataspace"};
}

void write_attribute(hid_t object, const std::string& name, hid_t type,
                     const Dimensions& dimensions, const void* data) {
  const std::string doing = "write attribute " + name;
  const auto space = make_dataspace(dimensions);
  const Hdf5Handle attribute(
      H5Acreate2(object, name.c_str(), type, space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
      doing);
  require(H5Awrite(attribute.get(), type, data), doing);
}

/// UTF-8 of any length.
Hdf5Handle text_type() {
  Hdf5Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "make a string type");
  require(H5Tset_size(type.get(), H5T_VARIABLE), "make a string type");
  require(H5Tset_cset(type.get(), H5T_CSET_UTF8), "make a string type");
  return type;
}

void write_text(hid_t object, const std::string& name, const std::vector<const char*>& texts,
                const Dimensions& dimensions) {
  const auto type = text_type();
  write_attribute(object, name, type.get(), dimensions, texts.data());
}

void write_attributes(hid_t object, const std::vector<Attribute>& attributes) {
  for (const auto& [name, value] : attributes) {
    if (const auto* text = std::get_if<std::string>(&value))
      write_text(object, name, {text->c_str()}, {});
    else if (const auto* real = std::get_if<double>(&value))
      write_attribute(object, name, H5T_NATIVE_DOUBLE, {}, real);
    else if (const auto* integer = std::get_if<std::int64_t>(&value))
      write_attribute(object, name, H5T_NATIVE_INT64, {}, integer);
    else if (const auto* flags = std::get_if<std::vector<std::int8_t>>(&value))
      write_attribute(object, name, H5T_NATIVE_INT8, {flags->size()}, flags->data());
  }
}

/// Contiguous, allocated at once; filled with `fill` unless that is null.
Hdf5Handle make_dataset(hid_t group, const std::string& name, hid_t type,
                        const Dimensions& dimensions, const double* fill) {
  const std::string doing = "make dataset " + name;
  const Hdf5Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, doing);
  const hid_t p = properties.get();
  require(H5Pset_layout(p, H5D_CONTIGUOUS), doing);
  require(H5Pset_alloc_time(p, H5D_ALLOC_TIME_EARLY), doing);
  require(H5Pset_obj_track_times(p, false), doing);  // equal contents are equal bytes
  require(H5Pset_attr_creation_order(p, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED), doing);
  if (fill != nullptr) require(H5Pset_fill_value(p, H5T_NATIVE_DOUBLE, fill), doing);
  // Texts of any length are pointers, which HDF5 always clears.
  const bool filled = fill != nullptr || H5Tis_variable_str(type) > 0;
  require(H5Pset_fill_time(p, filled ? H5D_FILL_TIME_ALLOC : H5D_FILL_TIME_NEVER), doing);
  const auto space = make_dataspace(dimensions);
  return {H5Dcreate2(group, name.c_str(), type, space.get(), H5P_DEFAULT, p, H5P_DEFAULT), H5Dclose,
          doing};
}

Hdf5Handle make_text_coordinate(hid_t file, const Coordinate& coordinate,
                                const std::string& doing) {
  const auto type = text_type();
  auto dataset =
      make_dataset(file, coordinate.name, type.get(), {coordinate.labels.size()}, nullptr);
  std::vector<const char*> texts;
  for (const auto& label : coordinate.labels) texts.push_back(label.c_str());
  require(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, texts.data()), doing);
  write_attributes(dataset.get(), coordinate.attributes);
  return dataset;
}

Hdf5Handle make_coordinate(hid_t file, const Coordinate& coordinate) {
  const std::string doing = "write coordinate " + coordinate.name;
  if (coordinate.type == ElementType::text) return make_text_coordinate(file, coordinate, doing);
  auto dataset = make_dataset(file, coordinate.name, native_type(coordinate.type),
                              {coordinate.values.size()}, nullptr);
  require(H5Dwrite(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                   coordinate.values.data()),
          doing);
  write_attributes(dataset.get(), coordinate.attributes);
  return dataset;
}

/// Scales of the dimensions, the inner one last.
std::vector<Hdf5Handle> make_dimensions(hid_t file, const Layout& layout) {
  std::vector<Hdf5Handle> scales;
  for (const auto& dimension : layout.dimensions) {
    scales.push_back(make_coordinate(file, dimension));
    require(H5DSset_scale(scales.back().get(), dimension.name.c_str()),
            "make dimension " + dimension.name);
  }
  const auto attach = [&](const Coordinate& coordinate, const Hdf5Handle& scale) {
    const auto dataset = make_coordinate(file, coordinate);
    require(H5DSattach_scale(dataset.get(), scale.get(), 0),
            "attach coordinate " + coordinate.name);
  };
  for (const auto& coordinate : layout.point_coordinates) attach(coordinate, scales.front());
  for (const auto& [dimension, others] : layout.inner) {
    scales.push_back(make_coordinate(file, dimension));
    require(H5DSset_scale(scales.back().get(), dimension.name.c_str()),
            "make dimension " + dimension.name);
    for (const auto& coordinate : others) attach(coordinate, scales.back());
  }
  return scales;
}

std::vector<Variable> all_variables(const Layout& layout) {
  auto variables = layout.results;
  variables.push_back(
      {paths_variable,
       ElementType::int64,
       {{"long_name", "number of simulated paths behind the results of a point"}, {"units", "1"}}});
  variables.push_back({status_variable,
                       ElementType::int8,
                       {{"long_name", "status of a point"},
                        {"flag_values", std::vector<std::int8_t>{0, 1, 2, 3, 4}},
                        {"flag_meanings", "pending partial complete failed precision_not_met"}}});
  variables.push_back({seconds_variable,
                       ElementType::float64,
                       {{"long_name", "wall time that workers spent on a point"},
                        {"units", "s"},
                        {"definition", "not part of the digest"}}});
  return variables;
}

void make_variables(hid_t file, const Layout& layout, const std::vector<Hdf5Handle>& scales) {
  Dimensions shape;
  for (const auto& dimension : layout.dimensions) shape.push_back(dimension.values.size());
  std::string coordinates;
  for (const auto& coordinate : layout.point_coordinates)
    coordinates += (coordinates.empty() ? "" : " ") + coordinate.name;
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(), zero = 0.0;
  for (const auto& variable : all_variables(layout)) {
    auto lengths = shape;
    if (variable.is_row) lengths.push_back(layout.length(variable));
    const bool real = variable.type == ElementType::float64;
    const auto dataset =
        make_dataset(file, variable.name, native_type(variable.type), lengths, real ? &nan : &zero);
    write_attributes(dataset.get(), variable.attributes);
    if (!coordinates.empty()) write_attributes(dataset.get(), {{"coordinates", coordinates}});
    for (std::size_t i = 0; i < lengths.size(); ++i)
      require(H5DSattach_scale(dataset.get(), scales[i].get(), static_cast<unsigned>(i)),
              "attach dimensions to " + variable.name);
  }
}

void make_state(hid_t file, const Layout& layout) {
  const Hdf5Handle properties(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, "make group state");
  require(H5Pset_obj_track_times(properties.get(), false), "make group state");
  const Hdf5Handle group(H5Gcreate2(file, "state", H5P_DEFAULT, properties.get(), H5P_DEFAULT),
                         H5Gclose, "make group state");
  std::vector<const char*> columns{"generation", "checksum"};
  for (const auto& column : layout.state_columns) columns.push_back(column.c_str());
  write_text(group.get(), "columns", columns, {columns.size()});
  for (const char* slot : state_slots)
    make_dataset(group.get(), slot, H5T_IEEE_F64LE, {layout.points(), columns.size()}, nullptr);
  constexpr double none = 0.0;
  make_dataset(group.get(), check_dataset, H5T_IEEE_F64LE, {layout.points()}, &none);
  const Hdf5Handle text(H5Tcopy(H5T_C_S1), H5Tclose, "make a string type");
  require(H5Tset_size(text.get(), failure_length), "make a string type");
  make_dataset(group.get(), failure_dataset, text.get(), {failure_rows}, nullptr);
}

}  // namespace

void prepare_hdf5() {
  H5dont_atexit();  // fails harmlessly from the second time on
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Hdf5Handle access_without_locks() {
  Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "make file properties");
  require(H5Pset_file_locking(access.get(), false, true), "make file properties");
  return access;
}

std::uint64_t Layout::points() const {
  std::uint64_t product = 1;
  for (const auto& dimension : dimensions) product *= dimension.values.size();
  return product;
}

std::uint64_t Layout::length(const Variable& variable) const {
  return variable.is_row ? inner.at(0).coordinate.values.size() : 1;
}

std::uint64_t Layout::result_count() const {
  std::uint64_t count = 0;
  for (const auto& result : results) count += length(result);
  return count;
}

namespace {

Hdf5Handle make_file(const std::string& path, const Layout& layout, const Hdf5Handle& access) {
  const Hdf5Handle properties(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "make file properties");
  const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  require(H5Pset_link_creation_order(properties.get(), order), "order links");
  require(H5Pset_attr_creation_order(properties.get(), order), "order attributes");
  require(H5Pset_obj_track_times(properties.get(), false), "leave times out");
  Hdf5Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, properties.get(), access.get()), H5Fclose,
                  "create " + path);
  write_attributes(file.get(), layout.attributes);
  const auto scales = make_dimensions(file.get(), layout);
  make_variables(file.get(), layout, scales);
  make_state(file.get(), layout);
  require(H5Fflush(file.get(), H5F_SCOPE_GLOBAL), "write " + path);
  return file;
}

/// Bytes of a point in the datasets: results, paths, status, seconds, two state rows, check.
std::uint64_t point_bytes(const Layout& layout) {
  constexpr std::uint64_t slots = state_slots.size();
  return 8 * (layout.result_count() + 3 + slots * (2 + layout.state_columns.size())) + 1;
}

/// Leaves the first value of each coordinate; returns the bytes that the rest would have taken.
std::uint64_t cut_to_one_point(Layout& layout) {
  std::uint64_t bytes = (layout.points() - 1) * point_bytes(layout);
  for (auto* coordinates : {&layout.dimensions, &layout.point_coordinates})
    for (auto& coordinate : *coordinates) {
      bytes += 8 * (coordinate.values.size() - 1);
      coordinate.values.resize(1);
      if (!coordinate.labels.empty()) coordinate.labels.resize(1);
    }
  return bytes;
}

}  // namespace

void create_file(const std::string& path, const Layout& layout) {
  prepare_hdf5();
  make_file(path, layout, access_without_locks());
}

std::uint64_t predict_size(const Layout& layout) {
  constexpr std::uint64_t large = 16 << 20;  // HDF5's padding does not matter from here on
  prepare_hdf5();
  Layout made = layout;
  const bool cut = layout.points() * point_bytes(layout) > large;
  const std::uint64_t rest = cut ? cut_to_one_point(made) : 0;
  const auto access = access_without_locks();
  constexpr std::size_t growth = 512;  // the size is a multiple of it
  require(H5Pset_fapl_core(access.get(), growth, false), "make a file in memory");
  const auto file = make_file("in memory", made, access);
  hsize_t size = 0;
  require(H5Fget_filesize(file.get(), &size), "measure a file");
  return size + rest;
}

}  // namespace quotesweep
