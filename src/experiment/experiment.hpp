#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "experiment/simulation.hpp"

namespace quotesweep {

/// What the results file has of a point, and the doubles of its resumable state.
std::vector<ResultDefinition> study_definitions(const Study& study);
std::vector<std::string> study_state_columns(const Study& study);

/// Blocks of a point that its state holds; 0 where it cannot be a state of the study.
std::uint64_t blocks_in_state(const Study& study, std::span<const double> state);

/// Joins simulation and sweep: runs tasks of a study, folds states, derives results. Evaluation is
/// spread over threads; results do not depend on how many.
class Experiment final : public Evaluator, public Reduction {
 public:
  Experiment(Study study, int threads);
  ~Experiment() override;
  Experiment(const Experiment&) = delete;
  Experiment& operator=(const Experiment&) = delete;

  std::vector<double> evaluate(const Task& task) override { return simulation_->evaluate(task); }

  std::size_t width() const override { return width_; }
  void merge(std::span<double> into, std::span<const double> next) const override {
    simulation_->merge(into, next);
  }

  /// Results of a point from its folded state, in the order of `study_definitions`.
  std::vector<double> results(std::uint64_t point, std::span<const double> state) const;

  const Study& study() const { return study_; }
  int threads() const { return threads_; }

 private:
  Study study_;
  int threads_;
  std::size_t width_;
  std::map<std::string, std::size_t, std::less<>> places_;  // of what the simulation finds
  std::unique_ptr<Simulation> simulation_;
};

}  // namespace quotesweep
