package dev.gatepost.cli;

import dev.gatepost.console.Access;
import dev.gatepost.console.ConsoleRoutes;
import dev.gatepost.server.Books;
import dev.gatepost.server.Config;
import dev.gatepost.server.LogSetup;
import dev.gatepost.server.Product;
import dev.gatepost.server.Version;
import dev.gatepost.workspace.OneTimeLinks;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code gatepost serve}: the product for real, until it is told to end. */
@Command(
        name = "serve",
        description = "Runs the server.",
        footer = {"", "Example:", "  GATEPOST_DATA=/var/lib/gatepost gatepost serve"})
final class ServeCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final Cli.Making making;

    @Mixin
    private final JsonOption json = new JsonOption();

    ServeCommand(Terminal terminal, Cli.Making making) {
        this.terminal = terminal;
        this.making = making;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var config = making.config().get();
        LogSetup.beTalkative();
        warnOfSilence(config);
        var product = Product.start(new Product.Setup(
                config,
                making.plugins().get(),
                ServeCommand::access,
                new ConsoleRoutes.About(Version.current(), "", config.listen().isTls()),
                making.clock(),
                making.random()));
        var control = ControlServer.start(config.data(), new Desk(product.books(), reach(product)));
        announce(product);
        Ending.await(() -> {
            control.close();
            product.close();
        });
        return Exit.DONE.code();
    }

    private static Access access(Books books) {
        var residents = books.residents();
        return new Access.BySession(residents.sessions(), residents.links(), residents.people());
    }

    private Desk.Reach reach(Product product) {
        return new Desk.Reach(
                making.plugins().get(),
                product::tools,
                product.publicUrl(),
                product::checkLedger,
                product.pipeline()::released,
                product::hooks,
                () -> Optional.of(product.pauses()),
                () -> Optional.of(product.pipeline()),
                () -> Optional.of(product.batches()));
    }

    private static void warnOfSilence(Config config) {
        if (!config.smtp().isOn()) {
            LoggerFactory.getLogger(ServeCommand.class)
                    .warn("SMTP probing is off until GATEPOST_SMTP_HELO and GATEPOST_SMTP_MAIL_FROM are set");
        }
    }

    private void announce(Product product) {
        var link = firstLink(product);
        var out = terminal.out();
        if (json.isSet()) {
            var ready = JsonLine.object().put("url", product.publicUrl()).put("port", product.port());
            link.ifPresent(text -> ready.put("link", text));
            out.println(ready);
        } else {
            product.books()
                    .madeKey()
                    .ifPresent(file -> out.println("made a master key: " + file + " (keep a copy elsewhere)"));
            out.println("gatepost " + Version.current() + " is ready at " + product.publicUrl());
            link.ifPresentOrElse(
                    text -> out.println(
                            "become its owner within " + OneTimeLinks.GOOD_FOR.toMinutes() + " minutes: " + text),
                    () -> out.println("sign in at " + product.publicUrl() + "/sign-in"));
            out.println("from another machine: ssh -L " + product.port() + ":127.0.0.1:" + product.port() + " HOST");
        }
        out.flush();
    }

    /** While nobody owns the installation, whoever started it may. */
    private static Optional<String> firstLink(Product product) {
        var residents = product.books().residents();
        if (residents.people().hasOwner()) {
            return Optional.empty();
        }
        return switch (residents.links().makeAtTheMachine("", OneTimeLinks.Codes.KEPT)) {
            case OneTimeLinks.ForOwner.Made(var token) -> Optional.of(product.publicUrl() + "/welcome?token=" + token);
            case OneTimeLinks.ForOwner.SayWhich _, OneTimeLinks.ForOwner.NoSuchPerson _ -> Optional.empty();
        };
    }
}
