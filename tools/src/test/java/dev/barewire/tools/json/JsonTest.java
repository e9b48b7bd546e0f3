package dev.barewire.tools.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void shouldNestMapsAndListsInTheirOrder() {
        final Map<String, Object> map = new LinkedHashMap<>();
        map.put("list", Arrays.asList(1, 2.5, true, null));
        map.put("empty", List.of(Map.of(), List.of()));

        assertThat(Json.of(map)).isEqualTo("{\"list\": [1, 2.5, true, null], \"empty\": [{}, []]}");
    }

    @Test
    void shouldEscapeWhatMayNotStandInAString() {
        assertThat(Json.of("a\"b\\c\nd\te\u0001")).isEqualTo("\"a\\\"b\\\\c\\nd\\te\\u0001\"");
    }

    @Test
    void shouldHaveNoNumberWhenThereIsNone() {
        assertThat(Json.of(List.of(Double.NaN, Double.POSITIVE_INFINITY))).isEqualTo("[null, null]");
    }
}
