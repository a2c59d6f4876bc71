package dev.gatepost.cli;

import dev.gatepost.console.Access;
import dev.gatepost.console.ConsoleRoutes;
import dev.gatepost.console.Sessions;
import dev.gatepost.console.SignInLinks;
import dev.gatepost.console.Tokens;
import dev.gatepost.server.Config;
import dev.gatepost.server.LogSetup;
import dev.gatepost.server.Product;
import dev.gatepost.server.Version;
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
        var tokens = new Tokens(making.random());
        var links = new SignInLinks(tokens, making.clock());
        var product = Product.start(new Product.Setup(
                config,
                making.plugins().get(),
                new Access.BySession(links, new Sessions(tokens, making.clock())),
                new ConsoleRoutes.About(Version.current(), ""),
                making.clock(),
                making.random()));
        var control = ControlServer.start(config.data(), new Desk(product.books(), reach(product, links)));
        announce(product, links);
        Ending.await(() -> {
            control.close();
            product.close();
        });
        return Exit.DONE.code();
    }

    private Desk.Reach reach(Product product, SignInLinks links) {
        return new Desk.Reach(
                making.plugins().get(),
                product::tools,
                product.publicUrl(),
                () -> Optional.of(links.make(product.publicUrl())),
                product::checkLedger,
                product.pipeline()::released,
                product::hooks,
                () -> Optional.of(product.pauses()));
    }

    private static void warnOfSilence(Config config) {
        if (!config.smtp().isOn()) {
            LoggerFactory.getLogger(ServeCommand.class)
                    .warn("SMTP probing is off until GATEPOST_SMTP_HELO and GATEPOST_SMTP_MAIL_FROM are set");
        }
    }

    private void announce(Product product, SignInLinks links) {
        var link = links.make(product.publicUrl());
        var out = terminal.out();
        if (json.isSet()) {
            out.println(JsonLine.object()
                    .put("url", product.publicUrl())
                    .put("port", product.port())
                    .put("link", link)
                    .toString());
        } else {
            product.books()
                    .madeKey()
                    .ifPresent(file -> out.println("made a master key: " + file + " (keep a copy elsewhere)"));
            out.println("gatepost " + Version.current() + " is ready at " + product.publicUrl());
            out.println("sign in once within " + SignInLinks.GOOD_FOR.toMinutes() + " minutes: " + link);
            out.println("from another machine: ssh -L " + product.port() + ":127.0.0.1:" + product.port() + " HOST");
        }
        out.flush();
    }
}
