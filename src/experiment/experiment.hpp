#pragma once

#include "experiment/study.hpp"
#include "metrics/point_results.hpp"
#include "sweep/task.hpp"

namespace quotesweep {

/// Joins simulation and sweep: runs tasks of a study, folds states, derives results. Evaluation is
/// spread over threads; results do not depend on how many.
class Experiment final : public Evaluator, public Reduction {
 public:
  Experiment(Study study, int threads);

  std::vector<double> evaluate(const Task& task) override;

  std::size_t width() const override { return state_width(study_.scenario.metrics); }
  void merge(std::span<double> into, std::span<const double> next) const override;

  /// Results of a point from its folded state, in the order of `result_definitions`.
  std::vector<double> results(std::uint64_t point, std::span<const double> state) const;

  const Study& study() const { return study_; }
  int threads() const { return threads_; }

 private:
  struct Unit;
  std::vector<Unit> cut(const Task& task) const;
  void run(const Unit& unit, const Task& task, std::span<const PointInput> points, Engine& engine,
           std::vector<PointState>& states) const;

  Study study_;
  int threads_;
};

}  // namespace quotesweep
