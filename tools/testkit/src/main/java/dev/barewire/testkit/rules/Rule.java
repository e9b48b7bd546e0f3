package dev.barewire.testkit.rules;

/** Something that the maker of a card asks of its driver. A family of cards is an enum of them. */
public interface Rule {
    /**
     * Its id, by which breaches are recorded.
     *
     * @return such as {@code E1K-RESET-01}
     */
    String id();

    /**
     * Whether a driver that breaks it is wrong, or only worse than it could be.
     *
     * @return true if it must be kept
     */
    boolean isMandatory();

    /**
     * What is asked.
     *
     * @return a sentence
     */
    String text();

    /**
     * Who says so.
     *
     * @return a document and its section
     */
    String source();
}
