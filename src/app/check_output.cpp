#include "app/check_output.hpp"

#include <filesystem>

#include "base/error.hpp"

namespace quotesweep {

namespace fs = std::filesystem;

void check_output(const Study& study, const RunOptions& options) {
  const std::string& output = study.output;
  if (output.empty()) throw Error("'' (must be the name of a file). Give it one.");
  std::error_code unknown;  // the writer will say it better
  if (fs::exists(output, unknown) && !fs::is_directory(output, unknown) &&
      !fs::is_regular_file(output, unknown))
    throw Error("{}: is a device or the like (must be a file). Choose another with -o.", output);
  if (fs::equivalent(output, options.study.study, unknown))
    throw Error("{}: is the study itself. Choose another file with -o.", output);
  if (!study.tape_file.empty() && fs::equivalent(output, study.tape_file, unknown))
    throw Error("{}: is the tape itself. Choose another file with -o.", output);
  const auto folder = fs::path(output).parent_path();
  if (!folder.empty() && fs::status(folder, unknown).type() == fs::file_type::not_found)
    throw Error("{}: there is no folder {}. Make it, or choose another with -o.", output,
                folder.string());
}

std::string output_place(const Study& study, const RunOptions& options) {
  if (options.output) return "-o ";
  return study.output_place.empty() ? "" : study.output_place + ": output = ";
}

}  // namespace quotesweep
