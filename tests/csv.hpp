#pragma once

#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

/// Rows of a comma-separated table with a header, texts by column name.
using CsvRow = std::map<std::string, std::string>;

inline std::vector<std::string> split_csv(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  if (line.ends_with(',')) cells.emplace_back();
  return cells;
}

inline std::vector<CsvRow> read_csv(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) throw std::runtime_error(path + " cannot be read");
  const auto header = split_csv(line);
  std::vector<CsvRow> rows;
  while (std::getline(file, line)) {
    const auto cells = split_csv(line);
    auto& row = rows.emplace_back();
    for (std::size_t i = 0; i < header.size(); ++i) row[header[i]] = cells.at(i);
  }
  return rows;
}

/// A number of a row; NaN where the cell is empty.
inline double number(const CsvRow& row, const std::string& column) {
  const auto& text = row.at(column);
  return text.empty() ? std::numeric_limits<double>::quiet_NaN() : std::stod(text);
}
