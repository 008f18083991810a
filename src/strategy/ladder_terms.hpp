#pragma once

namespace quotesweep {

/// What the ladder strategies of a replay are told beside StrategyTerms. Fractions are of the bar's
/// open price S.
struct LadderTerms {
  double levels = 1.0;              // orders at each side
  double min_spread = 0.0008;       // lowest distance of an order from S [fraction]
  double gamma_spread = 0.1;        // widening of the spread per sigma^2 (stoikov, vanilla)
  double constant_spread = 0.005;   // mexico: spacing of levels [fraction] ...
  double vol_factor = 0.1;          // ... per rolling volatility of log returns ...
  double spread_mom_factor = 0.05;  // ... per |momentum|
  double q_factor = 0.01;           // mexico: shift of the reservation price per q / q_max ...
  double upnl_factor = 0.1;         // ... per unrealised P&L / margin ...
  double mean_revert_factor = 0.2;  // ... per deviation from the SMA ...
  double momentum_factor = 0.1;     // ... per momentum
  bool adaptive_sizes = false;      // mexico: share what is left up to the limit among the levels
  bool origin_conventions = false;  // of the framework that these strategies come from

  bool operator==(const LadderTerms&) const = default;
};

/// Windows of the indicators that strategies look at [bars].
struct IndicatorWindows {
  double volatility = 7.0;
  double sma = 7.0;
  double momentum = 7.0;

  bool operator==(const IndicatorWindows&) const = default;
};

}  // namespace quotesweep
