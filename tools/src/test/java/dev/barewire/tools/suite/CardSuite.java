package dev.barewire.tools.suite;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Marks tests that need a card and the far end of its cable. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@EnabledIfSystemProperty(named = CardUnderTest.DEVICE, matches = ".+",
        disabledReason = "needs -Dbarewire.device=<card>, which the integration tests beside it set")
@Timeout(120)
@interface CardSuite {
}
