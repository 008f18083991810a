#pragma once

#include <map>
#include <string>

#include "experiment/experiment.hpp"

namespace quotesweep::testing {

/// A result of a point, with its unit.
struct NamedResult {
  double value;
  std::string unit;
};

/// Results of the study's only point, by name; those that are rows are left out.
inline std::map<std::string, NamedResult> results_by_name(Study study) {
  settle(study);
  check_points(study);
  Experiment experiment(study, 1);
  const auto values = experiment.results(0, experiment.evaluate({0, 1, 0, 1}));
  std::map<std::string, NamedResult> results;
  std::size_t at = 0;
  for (const auto& definition : study_definitions(study)) {
    if (definition.length == 1) results[definition.name] = {values[at], definition.unit};
    at += definition.length;
  }
  return results;
}

}  // namespace quotesweep::testing
