#include "app/replay_record.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "base/error.hpp"

namespace quotesweep {
namespace {

/// A CSV file that takes its name when it is complete.
class Table {
 public:
  Table(std::string path, const std::string& header)
      : path_(std::move(path)), file_(std::fopen((path_ + ".new").c_str(), "w"), std::fclose) {
    if (!file_) fail();
    row(header);
  }

  void row(const std::string& text) { fmt::print(file_.get(), "{}\n", text); }

  void close() {
    const bool failed = std::ferror(file_.get()) != 0;
    if (std::fclose(file_.release()) != 0 || failed) fail();
    std::error_code problem;
    std::filesystem::rename(path_ + ".new", path_, problem);
    if (problem) throw Error("{}: cannot be written ({})", path_, problem.message());
  }

 private:
  [[noreturn]] void fail() const {
    throw Error("{}: cannot be written ({}); make room, or leave out 'record'", path_,
                std::strerror(errno));
  }

  std::string path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

std::string time_text(std::int64_t nanoseconds) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(nanoseconds / 1'000'000'000));
}

std::string series_header(const Tape& tape) {
  std::string header = "time";
  for (const auto& bars : tape.symbols)
    for (const char* column : {"open", "close", "bid", "ask", "reservation_price", "bought", "sold",
                               "position", "leverage", "realized_pnl", "fees"})
      header += fmt::format(",{}_{}", bars.symbol, column);
  return header + ",wallet,margin,leverage,drawdown,trading";
}

/// A price without what rounding has left of it.
std::string price_text(double price) {
  return fmt::format("{:.15g}", price);
}

/// Price of the innermost order that a side wants, or "" where it wants none.
std::string quoted(const Column& price, const Column& size) {
  return size[0] > 0.0 ? price_text(price[0]) : "";
}

/// Writes one point's bars and trades.
class Recorder {
 public:
  Recorder(const Study& study, std::uint64_t point)
      : tape_(*study.tape),
        files_(record_files(study.output, point)),
        series_(files_.series, series_header(tape_)),
        trades_(files_.trades, "time,symbol,side,price,units,fee,order,position"),
        first_bar_(static_cast<std::size_t>(study.scenario.warm_up)) {
    const std::vector points{replay_point(study, point)};
    std::vector<BarShelf> shelves;
    for (const auto& bars : tape_.symbols) shelves.emplace_back(bars);
    ReplayRunner runner(tape_, shelves, points);
    news_.resize(tape_.symbols.size());
    peak_ = runner.capital()[0];
    for (std::size_t i = 0; i < news_.size(); ++i) runner.record(i, &news_[i]);
    runner.run([&](std::size_t bar, const ReplayRunner& now) { add(bar, now); });
    series_.close();
    trades_.close();
  }

 private:
  void add(std::size_t bar, const ReplayRunner& now) {
    const bool last = bar + 1 == tape_.size();
    const double margin = now.wallet().margin[0];
    double held = 0.0;
    std::string row = time_text(tape_.time[bar]);
    for (std::size_t i = 0; i < news_.size(); ++i) {
      const auto& bars = tape_.symbols[i];
      const double mark = last ? bars.open[bar] : bars.close[bar];
      const double value = now.book(i).position()[0] * mark;
      held += value;
      row += symbol_cells(i, bar, now, value);
    }
    peak_ = std::max(peak_, margin);
    row += fmt::format(",{},{},{},{},{}", now.wallet().balance[0], margin,
                       margin > 0.0 ? held / margin : 0.0, peak_ - margin,
                       now.wallet().active[0] > 0.0 ? 1 : 0);
    series_.row(row);
  }

  std::string symbol_cells(std::size_t i, std::size_t bar, const ReplayRunner& now, double value) {
    const auto& bars = tape_.symbols[i];
    const auto& book = now.book(i);
    const auto& ladder = now.ladder(i);
    double bought = 0.0, sold = 0.0, position = book.position()[0];
    for (const auto& trade : news_[i]) position -= trade.units;
    for (const auto& trade : news_[i]) {
      position += trade.units;
      (trade.units > 0.0 ? bought : sold) += std::abs(trade.units);
      trades_.row(fmt::format("{},{},{},{},{},{},{},{}", time_text(tape_.time[bar]), bars.symbol,
                              trade.units > 0.0 ? "buy" : "sell", price_text(trade.price),
                              std::abs(trade.units), trade.fee, trade.maker ? "limit" : "market",
                              position));
    }
    news_[i].clear();
    const bool quotes = bar >= first_bar_ && bar + 1 < tape_.size() && now.wallet().active[0] > 0.0;
    const auto& level = ladder.levels.front();
    const double share = now.wallet().margin[0] / static_cast<double>(tape_.symbols.size());
    return fmt::format(",{},{},{},{},{},{},{},{},{},{},{}", bars.open[bar], bars.close[bar],
                       quotes ? quoted(level.bid, level.bid_size) : "",
                       quotes ? quoted(level.ask, level.ask_size) : "",
                       quotes ? fmt::format("{}", ladder.reservation[0]) : "", bought, sold,
                       book.position()[0], share > 0.0 ? value / share : 0.0, book.realized()[0],
                       book.fees()[0]);
  }

  const Tape& tape_;
  RecordFiles files_;
  Table series_, trades_;
  std::size_t first_bar_;
  std::vector<std::vector<Trade>> news_;  // of the present bar, by symbol
  double peak_ = 0.0;
};

}  // namespace

RecordFiles record_files(const std::string& output, std::uint64_t point) {
  const std::filesystem::path path(output);
  const auto stem = (path.parent_path() / path.stem()).string();
  return {fmt::format("{}.point{}.csv", stem, point),
          fmt::format("{}.point{}.trades.csv", stem, point)};
}

std::size_t write_records(const Study& study) {
  for (const auto point : study.record) Recorder(study, point);
  return study.record.size();
}

bool has_records(const Study& study) {
  return std::ranges::all_of(study.record, [&](std::uint64_t point) {
    const auto files = record_files(study.output, point);
    return std::filesystem::exists(files.series) && std::filesystem::exists(files.trades);
  });
}

}  // namespace quotesweep
