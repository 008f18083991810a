#pragma once

#include "experiment/study.hpp"

namespace quotesweep::testing {

/// Twelve points x five blocks that take milliseconds.
inline Study small_study() {
  Study study;
  study.name = "small";
  study.scenario.market.dt = 0.05;
  study.design.axes = {{"strategy.gamma", {0.05, 0.1, 0.5}}, {"risk.q_max", {1, 2, 3, 5}}};
  study.block = 64;
  study.paths = 5 * 64;
  settle(study);
  return study;
}

}  // namespace quotesweep::testing
