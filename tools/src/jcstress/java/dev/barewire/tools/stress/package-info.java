/**
 * What threads share, under jcstress: every result that a pair of threads may see is named here, and any other fails. Run by
 * {@code mvn -P jcstress}; the tests for package-private classes lie in those classes' packages beside this one.
 */
package dev.barewire.tools.stress;
