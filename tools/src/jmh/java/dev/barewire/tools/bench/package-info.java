/** JMH benchmarks; compiled and run only with {@code mvn -P jmh}. Figures are compared side by side, never asserted. */
package dev.barewire.tools.bench;
