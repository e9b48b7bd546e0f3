package dev.barewire.tools.suite;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** Marks tests that need a card and the far end of its cable. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@EnabledIfSystemProperty(named = CardUnderTest.DEVICE, matches = ".+",
        disabledReason = "needs -Dbarewire.device=<card>, which the integration tests beside it set")
@ExtendWith(KeptRules.class)
@Timeout(120)
@interface CardSuite {
}
