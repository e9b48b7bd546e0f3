package dev.barewire.testkit.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each mistake that is planted in the driver is reported under the id of the rule that it breaks, and a driver without one
 * breaks none. Only the driver's own classes are changed, each time in a class loader of their own.
 */
@Timeout(120)
class PlantedBreachIT {
    private static final List<String> TABLE = new ArrayList<>();

    static List<Plant> plants() {
        return Plants.all();
    }

    @ParameterizedTest
    @ValueSource(strings = {"82540EM", "82574L"})
    void shouldReportNothingOfTheDriverAsItIs(final String card) throws Exception {
        final Map<String, List<String>> seen = run(new PlantingLoader(null), card, TimeUnit.SECONDS.toMillis(20));
        assertThat(seen.remove("")).as("what went wrong").isEmpty();
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plants")
    void shouldReportAMistakeUnderItsRule(final Plant plant) throws Exception {
        final PlantingLoader loader = new PlantingLoader(plant);
        final Map<String, List<String>> seen = run(loader, plant.card(), 100);
        final List<String> troubles = seen.remove("");
        TABLE.add(plant.rule().id() + " | " + plant.what() + " | " + String.join(", ", seen.keySet()));
        assertThat(seen).as("reported; what went wrong: %s", troubles).containsKey(plant.rule().id());
    }

    @Test
    void shouldPlantMistakesOfMoreThanFortyRulesInTheDriverAlone() {
        assertThat(plants().stream().map(Plant::rule).distinct().count()).isGreaterThan(40);
        assertThat(plants()).extracting(Plant::owner).allMatch(owner -> !owner.contains(".testkit."));
    }

    @Test
    void shouldRefuseAMistakeThatFindsNoPlace() {
        final Plant gone = new Plant("no such call", IntelRule.RESET_01, "dev.barewire.driver.intel.Intel8254x",
            Plant.call("reset", "noSuchMethod"), Plant.leaveOut(1));
        assertThatThrownBy(() -> run(new PlantingLoader(gone), gone.card(), 100)).hasMessageContaining("no place any more");
    }

    @AfterAll
    static void tell() {
        System.out.println("planted | mistake | reported");
        TABLE.forEach(System.out::println);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, List<String>> run(final PlantingLoader loader, final String card, final long patience)
        throws Exception {
        final ClassLoader outer = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        try {
            final Map<String, List<String>> seen = ((LongFunction<Map<String, List<String>>>) loader
                .loadClass(TrafficScenario.class.getName()).getDeclaredConstructor(String.class).newInstance(card)).apply(patience);
            loader.requirePlanted();
            return seen;
        } finally {
            Thread.currentThread().setContextClassLoader(outer);
        }
    }
}
