#pragma once

#include "config/yaml_source.hpp"
#include "experiment/parameter.hpp"
#include "experiment/study.hpp"

namespace quotesweep {

/// Reads the study's key `tape`: the name of a file, or {file, symbols, from, to, off_grid}. Throws
/// Error naming the key where the tape cannot be read or has none of what is asked for.
void read_tape_terms(const YamlSource& source, const Entry& entry, Study& study);

/// Reads the study's key `symbols`: what single symbols of the tape have for themselves.
void read_symbols(const YamlSource& source, const Entry& entry, Study& study);

/// Whether symbols may have a parameter each for itself: not what concerns the whole account, or
/// the whole flow of a replay.
bool may_differ_by_symbol(const Parameter& parameter);

/// Throws Error where a symbol's setting does nothing in the study.
void check_symbols(const YamlSource& source, const Entry& entry, const Study& study);

}  // namespace quotesweep
