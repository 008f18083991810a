#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "experiment/experiment.hpp"
#include "store/results_writer.hpp"
#include "sweep/progress.hpp"

namespace quotesweep {

enum class FailedPoints { keep, retry };

/// What is done about a file that is there already.
struct OutputTerms {
  bool fresh = false;  // replace it
  FailedPoints failed = FailedPoints::keep;
};

/// A study's results file, open for writing.
struct OutputFile {
  enum class Start { fresh, continued, finished } start = Start::fresh;
  std::unique_ptr<ResultsWriter> writer;  // none where the file is finished
  bool has_failed_points = false;
  std::string news;  // what the user should know, or ""

  /// What a continued file knows of each point.
  struct Known {
    PointProgress progress;
    bool changed = false;  // since its status was told: a crash came between
  };
  std::vector<Known> points;
};

/// Lays out the results file of `study`, or goes on with the one that is there: continues it, or
/// extends it where the study has more paths or axis values than the file. Throws Error where the
/// file is of a different study, foreign or damaged, or cannot be written.
OutputFile open_output(const Study& study, const OutputTerms& terms);

/// Calls `visit(point, known)` with what a file of this study knows of each of its points.
void visit_points(const std::string& path, const Study& study,
                  const std::function<void(std::uint64_t, const PointProgress&)>& visit);

/// What is written of a point.
PointRow point_row(const Experiment& experiment, std::uint64_t point, const PointProgress& known);

}  // namespace quotesweep
