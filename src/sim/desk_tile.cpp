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
DeskTile<Real>::DeskTile(std::span<const PointInput> points, int lanes)
    : steps_(step_count(points[0].scenario.market)),
      draws_(draw_spec(points[0]), 0, chunk_steps, lanes) {
  runners_.reserve(points.size());
  for (const auto& point : points) {
    const auto market = place_in(markets_, market_terms(point.scenario));
    const auto signals =
        place_in(signals_, {market, point.scenario.signal, signal_needs(point.scenario)});
    runners_.emplace_back(point);
    view_of_.push_back(place_in(views_, {signals, runners_.back().pair()}));
  }
  for (const auto& terms : markets_)
    market_paths_.emplace_back(terms, draw_spec(points[0]), 0, chunk_steps, lanes);
  negative_prices_.resize(markets_.size());
  for (const auto& one : signals_)
    signal_streams_.emplace_back(markets_[one.market], one.terms, one.needs, chunk_steps, lanes);
  for (const auto& view : views_) pair_books_.emplace_back(view.pair, chunk_steps);
  chunks_.resize(views_.size(), std::vector<DeskStep<Real>>(chunk_steps));
}

template <class Real>
void DeskTile<Real>::begin(std::uint64_t first_path) {
  draws_.begin(first_path);
  for (auto& path : market_paths_) path.begin(first_path);
  for (auto& prices : negative_prices_) prices.begin();
  for (auto& stream : signal_streams_) stream.begin();
  for (auto& book : pair_books_) book.begin();
}

template <class Real>
void DeskTile<Real>::make_steps(int count) {
  draws_.advance(count);
  for (std::size_t i = 0; i < markets_.size(); ++i) {
    market_paths_[i].advance(draws_, count);
    count_negative_prices(i, count);
  }
  for (std::size_t i = 0; i < signals_.size(); ++i)
    signal_streams_[i].advance(market_paths_[signals_[i].market], count);
  for (std::size_t i = 0; i < views_.size(); ++i) {
    const auto& stream = signal_streams_[views_[i].signals];
    const auto& path = market_paths_[signals_[views_[i].signals].market];
    for (int step = 0; step < count; ++step)
      chunks_[i][static_cast<std::size_t>(step)] = {draws_.step(step), path.step(step),
                                                    stream.step(step)};
    pair_books_[i].advance(std::span(chunks_[i]).first(static_cast<std::size_t>(count)));
  }
}

template <class Real>
void DeskTile<Real>::count_negative_prices(std::size_t market, int steps) {
  const auto& path = market_paths_[market];
  if (!path.any_negative()) return;
  for (int step = 0; step < steps; ++step) {
    const auto seen = path.step(step);
    negative_prices_[market].observe(seen.mid, seen.partner_walk,
                                     static_cast<Real>(markets_[market].pair.partner_price));
  }
}

template <class Real>
void DeskTile<Real>::fetch_part(const DeskRunner<Real>& runner, const Part& part) {
  asm volatile("");  // or compilers take the call for one without effect, and leave it out
  constexpr int line = 64;
  const auto* bytes = reinterpret_cast<const char*>(&runner);
  const auto hot = static_cast<const char*>(runner.end_of_hot()) - bytes;
  const auto [first, last] = part.of(static_cast<int>(hot / line));
  for (int at = first; at < last; ++at) __builtin_prefetch(bytes + at * line, 0, 2);
}

template <class Real>
void DeskTile<Real>::fetch_part(const PathRows& rows, const Part& part) {
  asm volatile("");
  constexpr int doubles = 64 / sizeof(double);
  const auto [first, last] = part.of(static_cast<int>(quantity_count));
  for (int row = first; row < last; ++row)
    for (int lane = 0; lane < lane_count; lane += doubles)
      __builtin_prefetch(rows.rows[static_cast<std::size_t>(row)] + lane, 1, 2);
}

template <class Real>
void DeskTile<Real>::run(std::uint64_t first_path) {
  run_to_rows(first_path, {});
}

template <class Real>
void DeskTile<Real>::run_to_rows(std::uint64_t first_path,
                                 const std::function<PathRows(std::size_t)>& rows_of) {
  PathRows rows;
  run(
      first_path, [](DeskRunner<Real>& runner) { runner.begin(); },
      [](std::size_t, const DeskStep<Real>&, const DeskRunner<Real>&) {},
      [&](std::size_t point, const Part& part) {
        if (!rows_of) return;
        if (part.index == 0) rows = rows_of(point);
        fetch_part(rows, part);
      },
      [&](std::size_t, DeskRunner<Real>& runner) {
        if (rows_of) runner.finish(rows);
      });
}

template class DeskTile<float>;
template class DeskTile<double>;

}  // namespace quotesweep
