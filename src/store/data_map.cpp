#include "store/data_map.hpp"

#include <hdf5_hl.h>

#include "store/failure_table.hpp"
#include "store/hdf5_handle.hpp"
#include "store/layout.hpp"
#include "store/row_check.hpp"
#include "store/state_row.hpp"

namespace quotesweep {
namespace {

DataPlace place_of(hid_t file, const std::string& name) {
  const std::string doing = "open dataset " + name;
  const Hdf5Handle dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose, doing);
  const haddr_t offset = H5Dget_offset(dataset.get());
  if (offset == HADDR_UNDEF) throw Error("dataset {} is not allocated", name);
  return {offset, H5Dget_storage_size(dataset.get())};
}

bool is_result(hid_t file, const std::string& name) {
  if (name == paths_variable || name == status_variable || name == seconds_variable) return false;
  H5O_info_t info;
  require(H5Oget_info_by_name2(file, name.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT),
          "look at " + name);
  if (info.type != H5O_TYPE_DATASET) return false;
  const Hdf5Handle dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT), H5Dclose,
                           "open dataset " + name);
  return H5DSis_scale(dataset.get()) <= 0 && H5Aexists(dataset.get(), "parameter") <= 0 &&
         H5Aexists(dataset.get(), inner_mark) <= 0;
}

std::vector<std::string> names_in(hid_t file) {
  std::vector<std::string> names;
  const auto collect = [](hid_t, const char* name, const H5L_info_t*, void* all) -> herr_t {
    static_cast<std::vector<std::string>*>(all)->push_back(name);
    return 0;
  };
  require(H5Literate(file, H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, collect, &names),
          "list the variables");
  return names;
}

}  // namespace

std::vector<DataPlace> DataMap::all() const {
  auto places = results;
  places.insert(places.end(), {paths, status, seconds, slots[0], slots[1], checks, failures});
  return places;
}

DataMap map_data(const std::string& path) {
  prepare_hdf5();
  const auto access = access_without_locks();
  const Hdf5Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose,
                        "open " + path);
  const hid_t id = file.get();
  DataMap map;
  for (const auto& name : names_in(id))
    if (is_result(id, name)) map.results.push_back(place_of(id, name));
  map.paths = place_of(id, paths_variable);
  map.status = place_of(id, status_variable);
  map.seconds = place_of(id, seconds_variable);
  for (auto& place : map.results) place.words = place.bytes / map.paths.bytes;
  for (std::size_t i = 0; i < state_slots.size(); ++i)
    map.slots[i] = place_of(id, fmt::format("state/{}", state_slots[i]));
  map.checks = place_of(id, fmt::format("state/{}", check_dataset));
  map.failures = place_of(id, fmt::format("state/{}", failure_dataset));
  return map;
}

}  // namespace quotesweep
