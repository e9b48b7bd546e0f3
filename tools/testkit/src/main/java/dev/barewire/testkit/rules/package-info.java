/**
 * What card makers ask of drivers, as rules with ids, and checkers that watch a driver keep them: through registers alone
 * at any card, through descriptors and buffers as well at a model. A breach is recorded under its rule's id; nothing here
 * changes what passes. What no checker can see has its reason in {@link dev.barewire.testkit.rules.UncheckedRule}. A checker uses no constant and no parser of the driver, so that it cannot share its mistakes.
 */
package dev.barewire.testkit.rules;
