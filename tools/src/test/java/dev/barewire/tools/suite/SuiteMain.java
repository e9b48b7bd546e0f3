package dev.barewire.tools.suite;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the suite in a JVM of its own and prints a {@link SuiteResult} a line on standard output. An argument is a
 * pattern of class names to run instead of the whole suite.
 */
final class SuiteMain implements TestExecutionListener {
    /** The system property with a pattern of class names that are left out. */
    static final String WITHOUT = "barewire.without";
    /** Leaves out what has been shown on the same card by another run, and takes long. */
    static final String WITHOUT_MATRIX = "-D" + WITHOUT + "=.*MatrixSuite";

    private TestPlan plan;

    private SuiteMain() {
    }

    public static void main(String[] args) {
        String pattern = args.length > 0 ? args[0] : ".*Suite";
        LauncherFactory.create().execute(LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectPackage(SuiteMain.class.getPackageName()))
                .filters(ClassNameFilter.includeClassNamePatterns(pattern),
                    ClassNameFilter.excludeClassNamePatterns(System.getProperty(WITHOUT, "none")))
                .build(), new SuiteMain());
        // What a hung test left running must not keep the guest.
        System.exit(0);
    }

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        plan = started;
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        report(test, SuiteResult.Status.SKIPPED, reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (test.isTest()) {
                    report(test, SuiteResult.Status.PASSED, "");
                }
            }
            case ABORTED -> report(test, SuiteResult.Status.SKIPPED, text(result.getThrowable()));
            case FAILED -> report(test, SuiteResult.Status.FAILED, text(result.getThrowable()));
        }
    }

    private static String text(Optional<Throwable> problem) {
        StringWriter text = new StringWriter();
        problem.ifPresent(p -> p.printStackTrace(new PrintWriter(text)));
        return text.toString();
    }

    private void report(TestIdentifier test, SuiteResult.Status status, String message) {
        System.out.println(new SuiteResult(name(test), status, message).line());
    }

    private String name(TestIdentifier test) {
        String name = test.getDisplayName().replaceFirst("\\(.*\\)$", "");
        if (test.getSource().orElse(null) instanceof ClassSource) {
            return name;
        }
        return plan.getParent(test).filter(parent -> parent.getParentId().isPresent())
                .map(parent -> name(parent) + ": " + name).orElse(name);
    }
}
