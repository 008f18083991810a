#include "config/read_tape_terms.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "config/read_parameter.hpp"
#include "store/tape_reader.hpp"

namespace quotesweep {
namespace {

constexpr std::int64_t nanoseconds = 1'000'000'000;

/// Whether a text is a time as this pattern shows it: '0' is any digit.
bool looks_like(std::string_view text, std::string_view pattern) {
  return std::ranges::equal(text, pattern, [](char c, char shown) {
    return shown == '0' ? c >= '0' && c <= '9' : c == shown;
  });
}

/// A date or time such as 2018-04-04 or 2018-04-04T12:30:00, UTC [ns since 1970].
std::int64_t read_time(const Entry& entry) {
  constexpr std::string_view pattern = "0000-00-00T00:00:00";
  std::string text = read_word(entry);
  for (const std::string rest : {"T00:00:00", ":00"})
    if (looks_like(text + rest, pattern)) text += rest;
  if (!looks_like(text, pattern)) text = "0000-00-00T00:00:00";  // there is no such date
  const auto part = [&](std::size_t first, std::size_t count) {
    return std::stoi(text.substr(first, count));
  };
  const std::chrono::year_month_day date{std::chrono::year(part(0, 4)),
                                         std::chrono::month(static_cast<unsigned>(part(5, 2))),
                                         std::chrono::day(static_cast<unsigned>(part(8, 2)))};
  const int hour = part(11, 2), minute = part(14, 2), second = part(17, 2);
  const bool in_range = part(0, 4) >= 1700 && part(0, 4) <= 2200;  // of 64-bit nanoseconds
  if (!date.ok() || !in_range || hour > 23 || minute > 59 || second > 59)
    entry.fail("must be a date or time in UTC, such as 2018-04-04 or 2018-04-04T12:30:00");
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return (((days * 24 + hour) * 60 + minute) * 60 + second) * nanoseconds;
}

OffGrid read_off_grid(const Entry& entry) {
  const auto word = read_word(entry);
  if (word != "refuse" && word != "round") entry.fail("must be refuse or round");
  return word == "round" ? OffGrid::round : OffGrid::refuse;
}

struct TapeChoice {
  std::optional<Entry> file, symbols, from, to, off_grid;
};

TapeChoice read_choice(const YamlSource& source, const Entry& entry) {
  TapeChoice choice;
  if (!entry.node.IsMap()) {
    choice.file = entry;
    return choice;
  }
  for (const auto& child : source.children(entry)) {
    const auto key = child.key.substr(entry.key.size() + 1);
    if (key == "file")
      choice.file = child;
    else if (key == "symbols")
      choice.symbols = child;
    else if (key == "from")
      choice.from = child;
    else if (key == "to")
      choice.to = child;
    else if (key == "off_grid")
      choice.off_grid = child;
    else
      child.fail("unknown key; a tape has: file, symbols, from, to, off_grid");
  }
  if (!choice.file) entry.fail("needs 'file', the name of a tape that quotesweep-import has made");
  return choice;
}

std::vector<std::string> chosen_symbols(const YamlSource& source, const TapeChoice& choice,
                                        const Tape& tape) {
  if (!choice.symbols) return symbol_names(tape);
  std::vector<std::string> names;
  for (const auto& element : source.elements(*choice.symbols)) {
    const auto name = read_word(element);
    const auto all = symbol_names(tape);
    if (std::ranges::find(all, name) == all.end())
      element.fail(fmt::format("is not on the tape; it has: {}", fmt::join(all, ", ")));
    if (std::ranges::find(names, name) != names.end()) element.fail("stands there twice");
    names.push_back(name);
  }
  if (names.empty()) choice.symbols->fail("has no symbols; name some, or remove the key");
  return names;
}

const SymbolSetting* find_setting(const Study& study, std::string_view symbol,
                                  std::string_view name) {
  for (const auto& setting : study.symbol_settings)
    if (setting.symbol == symbol && setting.parameter == name) return &setting;
  return nullptr;
}

}  // namespace

bool may_differ_by_symbol(const Parameter& parameter) {
  static constexpr std::string_view shared[] = {
      "market.dt",      "account.capital", "risk.emergency_leverage", "risk.early_stop",
      "signal.warm_up", "orders.first",    "orders.close_at_end"};
  return parameter.section() != "metrics" && !parameter.one_for_all &&
         std::ranges::find(shared, parameter.name) == std::end(shared);
}

void read_tape_terms(const YamlSource& source, const Entry& entry, Study& study) {
  const auto choice = read_choice(source, entry);
  Tape tape;
  study.tape_file = read_word(*choice.file);
  try {
    tape = read_tape(study.tape_file);
  } catch (const Error& error) {
    throw Error("{}: {}: {}", choice.file->where, choice.file->key, error.what());
  }
  auto first = tape.time.begin(), last = tape.time.end();
  if (choice.from) first = std::ranges::lower_bound(tape.time, read_time(*choice.from));
  if (choice.to) last = std::ranges::lower_bound(tape.time, read_time(*choice.to));
  if (last - first < 2)
    (choice.to     ? *choice.to
     : choice.from ? *choice.from
                   : *choice.file)
        .fail("leaves fewer than two bars of the tape");
  if (choice.off_grid) study.off_grid = read_off_grid(*choice.off_grid);
  const auto begin = first - tape.time.begin(), end = last - tape.time.begin();
  const auto symbols = chosen_symbols(source, choice, tape);
  study.tape = std::make_shared<const Tape>(part_of(
      std::move(tape), symbols, static_cast<std::size_t>(begin), static_cast<std::size_t>(end)));
  study.tape_hash = tape_hash(*study.tape);
}

void read_symbols(const YamlSource& source, const Entry& entry, Study& study) {
  if (!study.tape) entry.fail("does nothing without a tape. Remove it");
  const auto names = symbol_names(*study.tape);
  for (const auto& symbol : source.children(entry)) {
    const auto name = symbol.key.substr(entry.key.size() + 1);
    if (std::ranges::find(names, name) == names.end())
      symbol.fail(fmt::format("is not on the tape; it has: {}", fmt::join(names, ", ")));
    for (const auto& child : source.children(symbol)) {
      const auto key = std::string_view(child.key).substr(symbol.key.size() + 1);
      const Parameter* parameter = nullptr;
      try {
        parameter = &find_parameter(key);
      } catch (const Error& error) {
        throw Error("{}: symbols: {}", child.where, error.what());
      }
      if (!may_differ_by_symbol(*parameter))
        child.fail(
            fmt::format("{} is the same for all symbols; set it in its section", parameter->name));
      if (find_setting(study, name, parameter->name) != nullptr)
        child.fail(fmt::format("{} of {} is set twice; remove one", parameter->name, name));
      study.symbol_settings.push_back(
          {name, std::string(parameter->name), read_parameter(*parameter, child)});
    }
  }
}

void check_symbols(const YamlSource& source, const Entry& entry, const Study& study) {
  for (const auto& symbol : source.children(entry)) {
    const auto name = symbol.key.substr(entry.key.size() + 1);
    Scenario scenario = study.scenario;
    for (const auto& setting : study.symbol_settings)
      if (setting.symbol == name) find_parameter(setting.parameter).set(scenario, setting.value);
    for (const auto& child : source.children(symbol)) {
      const auto& parameter =
          find_parameter(std::string_view(child.key).substr(symbol.key.size() + 1));
      if (std::ranges::find(study.design.axes, parameter.name, &Axis::parameter) !=
          study.design.axes.end())
        child.fail(fmt::format("{} is swept for all symbols; remove one", parameter.name));
      const bool name_is_swept = std::ranges::find(study.design.axes, "strategy.name",
                                                   &Axis::parameter) != study.design.axes.end();
      if (!parameter.serves(scenario) || !(name_is_swept || parameter.applies(scenario)))
        child.fail("does nothing here: " +
                   (parameter.serves(scenario)
                        ? fmt::format("it applies only with {}", parameter.applies_where())
                        : "a replay does not use it") +
                   ". Remove it");
    }
  }
}

}  // namespace quotesweep
