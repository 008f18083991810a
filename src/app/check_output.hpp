#pragma once

#include "app/commands.hpp"
#include "experiment/study.hpp"

namespace quotesweep {

/// Throws Error where the path of a study's results file is empty, has no folder, or stands for
/// something that must not be replaced. Writing the file may fail for other reasons.
void check_output(const Study& study, const RunOptions& options);

/// How the user named the results file, such as "study.yaml:14: output = ", for the beginning of a
/// message.
std::string output_place(const Study& study, const RunOptions& options);

}  // namespace quotesweep
