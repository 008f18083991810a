#pragma once

#include "experiment/parameter.hpp"
#include "experiment/study.hpp"
#include "replay/walk_tape.hpp"

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

/// Twelve points on a tape of two symbols.
inline Study small_replay() {
  Study study;
  study.name = "small";
  study.scenario.market = {.model = MarketModel::replay, .dt = 1.0};
  study.tape = std::make_shared<const Tape>(walk_tape(50));
  study.tape_hash = tape_hash(*study.tape);
  study.design.axes = {{"account.capital", {500, 1000, 2000}}, {"orders.life", {1, 2, 3, 5}}};
  settle(study);
  return study;
}

/// The one of these studies that has a parameter.
inline Study small_study_with(const Parameter& parameter) {
  return parameter.engines == Engines::replay ? small_replay() : small_study();
}

}  // namespace quotesweep::testing
