#include "sim/desk_tile.hpp"

#include <algorithm>

namespace quotesweep {
namespace {

/// Place of `one` in `all`, where it is put if it is not there.
template <class Item>
std::size_t place_in(std::vector<Item>& all, const Item& one) {
  const auto found = std::ranges::find(all, one);
  if (found != all.end()) return static_cast<std::size_t>(found - all.begin());
  all.push_back(one);
  return all.size() - 1;
}

}  // namespace

template <class Real>
DeskTile<Real>::DeskTile(std::span<const PointInput> points)
    : spec_(draw_spec(points[0])), steps_(step_count(points[0].scenario.market)) {
  runners_.reserve(points.size());
  for (const auto& point : points) {
    const auto market = place_in(markets_, market_terms(point.scenario));
    signals_of_.push_back(
        place_in(signals_, {market, point.scenario.signal, signal_needs(point.scenario)}));
    runners_.emplace_back(point);
  }
}

template <class Real>
void DeskTile<Real>::run(std::uint64_t first_path) {
  run(first_path, [](std::size_t, const DeskStep<Real>&, const DeskRunner<Real>&) {});
}

template class DeskTile<float>;
template class DeskTile<double>;

}  // namespace quotesweep
