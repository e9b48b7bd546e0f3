package dev.barewire.tools.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What was measured in the rounds of one run.
 *
 * @param unit   what the values are in
 * @param values one for each round, at least one, in the rounds' order
 */
record Series(String unit, double[] values) {
    private static final double THOUSAND = 1000;

    double median() {
        final double[] sorted = values.clone();
        Arrays.sort(sorted);
        final int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    double least() {
        return Arrays.stream(values).min().orElseThrow();
    }

    double most() {
        return Arrays.stream(values).max().orElseThrow();
    }

    /** This divided by another, round by round. */
    Series over(final Series other) {
        final double[] ratios = new double[values.length];
        Arrays.setAll(ratios, round -> values[round] / other.values[round]);
        return new Series("times", ratios);
    }

    Map<String, Object> json() {
        final Map<String, Object> json = new LinkedHashMap<>();
        json.put("unit", unit);
        json.put("median", rounded(median()));
        json.put("least", rounded(least()));
        json.put("most", rounded(most()));
        json.put("rounds", Arrays.stream(values).map(Series::rounded).boxed().toList());
        return json;
    }

    private static double rounded(final double value) {
        return Math.round(value * THOUSAND) / THOUSAND;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%8.2f   %7.2f to %7.2f %s", median(), least(), most(), unit);
    }
}
