//! The standard normal distribution.

/// Returns the quantile of the standard normal distribution at `probability`, inside (0, 1), to double precision.
pub(super) fn quantile(probability: f64) -> f64 {
    let (mut low, mut high) = (-8.0_f64, 8.0_f64);
    // Each step halves an interval of 16: after 64 of them nothing is left to halve.
    for _ in 0..64 {
        let middle = f64::midpoint(low, high);
        if cumulative(middle) < probability { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// The cumulative distribution by its Taylor series x + x^3/3 + x^5/(3*5) + ..., which converges everywhere.
fn cumulative(x: f64) -> f64 {
    let mut term = x;
    let mut sum = x;
    let mut odd = 1.0;
    while term.abs() > 1e-18 {
        odd += 2.0;
        term *= x * x / odd;
        sum += term;
    }
    0.5 + sum * (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_equal_the_printed_tables() {
        // Abramowitz and Stegun, table 26.5, with further digits from the literature.
        for (probability, expected) in
            [(0.975, 1.959_963_984_540_054), (0.95, 1.644_853_626_951_472), (0.995, 2.575_829_303_548_901), (0.5, 0.0)]
        {
            assert!((quantile(probability) - expected).abs() < 1e-12, "{probability}");
        }
    }
}
