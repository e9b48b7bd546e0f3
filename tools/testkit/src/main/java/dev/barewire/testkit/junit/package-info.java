/**
 * Cards as parameters of JUnit tests: {@link dev.barewire.testkit.junit.NicUnderTest} opens one, or two with a cable
 * between them, and closes them after the test, which fails by name if it left a buffer behind.
 */
package dev.barewire.testkit.junit;
