package dev.gatepost.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How logs look: one line an event on standard error, warnings only unless a server runs. In code and not in XML, since
 * every start would pay for the parser. Found by Logback through {@code META-INF/services}.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {

    /** Line breaks in messages become visible, so that one event stays one line (reliability: L1). */
    private static final String LINE =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z',UTC} %-5level %logger{0} %replace(%msg){'[\\r\\n]+',' / '}%n";

    /** Made by Logback. */
    public LogSetup() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        // Says twice what the exception that we catch says.
        context.getLogger("io.javalin.Javalin").setLevel(Level.OFF);
        append(context, text(context));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Changes how lines look. */
    public static void use(Config.Log log) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        append(
                context,
                switch (log) {
                    case TEXT -> text(context);
                    case JSON -> json(context);
                });
    }

    /** From now on a server runs: what it does is of interest too, of its own code and not of libraries. */
    public static void beTalkative() {
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger("dev.gatepost")
                .setLevel(Level.INFO);
    }

    /** In the demo what would be a warning is part of the play. */
    public static void beQuiet() {
        ((LoggerContext) LoggerFactory.getILoggerFactory())
                .getLogger(Logger.ROOT_LOGGER_NAME)
                .setLevel(Level.ERROR);
    }

    private static void append(LoggerContext context, Encoder<ILoggingEvent> encoder) {
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        encoder.start();
        appender.setEncoder(encoder);
        appender.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context) {
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(LINE);
        return encoder;
    }

    private static Encoder<ILoggingEvent> json(LoggerContext context) {
        var encoder = new JsonEncoder();
        encoder.setContext(context);
        return encoder;
    }
}
