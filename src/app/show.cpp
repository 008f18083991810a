#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/commands.hpp"
#include "app/warnings.hpp"
#include "base/error.hpp"
#include "store/digest.hpp"
#include "store/results_reader.hpp"

namespace quotesweep {
namespace {

struct Column {
  std::string name;
  std::vector<double> values;
  std::vector<double> errors;       // standard errors, where shown beside the values
  std::vector<std::string> labels;  // that the values number
};

constexpr const char* status_names[] = {"pending", "partial", "complete", "failed",
                                        "precision_not_met"};

std::vector<Column> coordinate_columns(const ResultsReader& file) {
  std::vector<Column> columns;
  for (const auto& name : file.names())
    if (file.is_coordinate(name))
      columns.push_back({name,
                         file.point_values(name),
                         {},
                         file.type(name) == ElementType::text ? file.read_labels(name)
                                                              : std::vector<std::string>{}});
  return columns;
}

bool is_result(const ResultsReader& file, const std::string& name) {
  return !file.is_coordinate(name) && !file.attribute(name, "units").empty() &&
         name != seconds_variable && file.shape(name) == file.shape(status_variable);
}

/// Coordinates, then the metrics that most people look for, with standard errors.
std::vector<Column> summary_columns(const ResultsReader& file, const std::string& also) {
  auto columns = coordinate_columns(file);
  std::vector<std::string> metrics{"pnl", "sharpe", "max_drawdown", "turnover", "trades"};
  if (!also.empty() && std::ranges::find(metrics, also) == metrics.end()) metrics.push_back(also);
  const auto names = file.names();
  for (const auto& metric : metrics) {
    const auto error = metric + "_se";
    const bool has_error = std::ranges::find(names, error) != names.end();
    columns.push_back(
        {metric, file.read(metric), has_error ? file.read(error) : std::vector<double>{}});
  }
  return columns;
}

std::string status_text(double status) {
  return status_names[static_cast<std::size_t>(std::clamp(status, 0.0, 4.0))];
}

std::string cell_text(const Column& column, std::size_t row) {
  if (!column.labels.empty()) return column.labels[static_cast<std::size_t>(column.values[row])];
  const auto value = fmt::format("{:.6g}", column.values[row]);
  if (column.errors.empty() || std::isnan(column.errors[row])) return value;
  return fmt::format("{} +- {:.2g}", value, column.errors[row]);
}

std::string csv_text(const Column& column, std::size_t row) {
  if (!column.labels.empty()) return column.labels[static_cast<std::size_t>(column.values[row])];
  return fmt::format("{}", column.values[row]);
}

/// Rows by metric, best first; undefined ones are left out.
std::vector<std::size_t> best_rows(const ResultsReader& file, const std::string& metric) {
  const auto values = file.read(metric);
  const bool low = file.attribute(metric, "better") == "lower";
  std::vector<std::size_t> rows(values.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  std::erase_if(rows, [&](std::size_t row) { return std::isnan(values[row]); });
  std::ranges::stable_sort(rows, [&](std::size_t a, std::size_t b) {
    return low ? values[a] < values[b] : values[a] > values[b];
  });
  return rows;
}

void print_table(const std::vector<Column>& columns, const std::vector<double>& status,
                 const std::vector<double>& flags, const std::vector<std::size_t>& rows) {
  std::vector<std::vector<std::string>> cells;
  std::vector<std::size_t> widths;
  for (const auto& column : columns) {
    auto& texts = cells.emplace_back(1, column.name);
    for (const auto row : rows) texts.push_back(cell_text(column, row));
    widths.push_back(std::ranges::max(texts, {}, &std::string::size).size());
  }
  for (std::size_t line = 0; line <= rows.size(); ++line) {
    for (std::size_t c = 0; c < cells.size(); ++c)
      fmt::print("{:>{}}  ", cells[c][line], widths[c]);
    if (line == 0) {
      fmt::print("status\n");
      continue;
    }
    const auto row = rows[line - 1];
    fmt::print("{}{}\n", status_text(status[row]), flags.empty() ? "" : flag_names(flags[row]));
  }
}

void print_csv(const ResultsReader& file) {
  auto columns = coordinate_columns(file);
  for (const auto& name : file.names())
    if (is_result(file, name)) columns.push_back({name, file.read(name), {}});
  const auto status = file.read(status_variable);
  for (const auto& column : columns) fmt::print("{},", column.name);
  fmt::print("{}\n", status_variable);
  for (std::size_t row = 0; row < status.size(); ++row) {
    for (const auto& column : columns) fmt::print("{},", csv_text(column, row));
    fmt::print("{}\n", status_text(status[row]));
  }
}

void print_summary(const ResultsReader& file, const std::vector<double>& status) {
  fmt::print("{}  ({} points", file.attribute("", "title"), status.size());
  for (int value = 0; value < 5; ++value)
    if (const auto count = std::ranges::count(status, value); count > 0)
      fmt::print(", {} {}", count, status_names[value]);
  fmt::print("; quotesweep {}, {})\n\n", file.attribute("", "program_version"),
             file.attribute("", "created"));
}

/// A file whose complete points are undamaged.
ResultsReader open_checked(const std::string& path) {
  ResultsReader file(path);
  file.check_points(0, file.read(status_variable).size());
  return file;
}

}  // namespace

int show(const ShowOptions& options) {
  const auto file = open_checked(options.file);
  if (options.csv) {
    file.check_points(0, file.read(status_variable).size());
    print_csv(file);
    return exit_complete;
  }
  const auto status = file.read(status_variable);
  const auto columns = summary_columns(file, options.best);
  std::vector<std::size_t> rows(status.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  if (!options.best.empty()) rows = best_rows(file, options.best);
  const auto limit = static_cast<std::size_t>(options.rows);
  const bool cut = rows.size() > limit;
  const std::size_t all = rows.size();
  rows.resize(std::min(all, limit));
  for (const auto row : rows) file.check_points(row, 1);
  print_summary(file, status);
  print_table(columns, status, warning_flags(file), rows);
  if (cut) fmt::print("... {} more rows: --rows {}, or --csv for everything\n", all - limit, all);
  print_warnings(file_warnings(file));
  return exit_complete;
}

int print_digest(const std::string& file) {
  fmt::print("{}\n", digest(open_checked(file)));
  return exit_complete;
}

}  // namespace quotesweep
