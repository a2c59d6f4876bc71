package dev.gatepost.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatepost.console.Door.Entry;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Problems;
import dev.gatepost.http.Routes;
import dev.gatepost.workspace.OneTimeLinks;
import dev.gatepost.workspace.OneTimeLinks.Purpose;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The console's pages and the stream that keeps them up to date. */
public final class ConsoleRoutes implements Routes {

    /** Keeps proxies and our own idle time-out from closing a quiet stream. */
    private static final Duration COMMENT_EVERY = Duration.ofSeconds(15);

    private static final Message NO_OWNER = new Message(
            List.of(
                    "Nobody owns this installation yet. The owner is made with the one-time link that gatepost serve printed"
                            + " when it started.",
                    "It is good for " + OneTimeLinks.GOOD_FOR.toMinutes()
                            + " minutes. This prints a new one, on the machine" + " where Gatepost runs:"),
            "gatepost link");

    private static final Message USED_UP = new Message(
            List.of(
                    "It was used before, or is too old, or is not whole.",
                    "Ask an owner for a new one, or make one on the machine where Gatepost runs, and open what it prints:"),
            "gatepost link");

    private static final Message PLAIN_HTTP = new Message(
            List.of(
                    "This page came over plain http from another machine. Browsers do not keep a sign-in there, so it cannot"
                            + " work.",
                    "Put a TLS proxy in front and set GATEPOST_PUBLIC_URL to its https address, or use a tunnel and open"
                            + " http://localhost:8080 :"),
            "ssh -L 8080:127.0.0.1:8080 HOST");

    private final Pages pages = new Pages();
    private final Assets assets = new Assets();
    private final Access access;
    private final Door door;
    private final Feed feed;
    private final About about;

    /**
     * What the frame says about this installation.
     *
     * @param version of the product
     * @param setting {@code sandbox}, or empty for real data
     * @param isTls whether browsers reach us by https
     */
    public record About(String version, String setting, boolean isTls) {}

    public ConsoleRoutes(Access access, Feed feed, About about) {
        this.access = access;
        this.door = new Door(access);
        this.feed = feed;
        this.about = about;
    }

    @Override
    public void mount(JavalinDefaultRoutingApi routes) {
        routes.get("/", guarded(this::contacts));
        routes.get("/live", guarded(this::live));
        routes.get("/favicon.ico", context -> context.redirect(assets.path() + "/icon.svg"));
        routes.get("/assets/{version}/{file}", this::asset);
        routes.get("/sign-in", this::signIn);
        routes.get("/welcome", this::welcome);
    }

    /** A page for those who were let in. */
    @FunctionalInterface
    private interface Page {
        void show(Context context, Visitor visitor) throws Exception;
    }

    private Handler guarded(Page page) {
        return context -> {
            switch (door.ask(context)) {
                case Entry.Welcome(var visitor) -> page.show(context, visitor);
                case Entry.SignInFirst _ -> context.redirect("/sign-in");
                case Entry.WrongHost _ ->
                    Problems.answer(
                            context,
                            Fault.WRONG_HOST.saying("This server answers to its own name on this machine only."));
            }
        };
    }

    private void contacts(Context context, Visitor visitor) {
        html(context, pages.contacts(frame(context, "Contacts as they come in", visitor), feed.now()));
    }

    /** First the whole state, then each part when it changes; blocks its virtual thread while the page is open. */
    private void live(Context context, Visitor visitor) throws IOException, InterruptedException {
        if (!feed.enter()) {
            Problems.answer(context, Fault.TOO_MANY_PAGES.plain().with("Retry-After", "10"));
            return;
        }
        try {
            context.contentType("text/event-stream");
            context.header("X-Accel-Buffering", "no"); // nginx would hold the stream back
            var out = context.res().getOutputStream();
            var shown = new Feed.State(null, 0);
            while (!feed.isClosed() && door.isStillOpen(context)) {
                var next = feed.await(shown.version(), COMMENT_EVERY);
                if (next.version() == shown.version()) {
                    out.write(":\n\n".getBytes(UTF_8));
                } else {
                    send(out, shown, next);
                    shown = next;
                }
                out.flush();
            }
        } finally {
            feed.leave();
        }
    }

    private void send(OutputStream out, Feed.State shown, Feed.State next) throws IOException {
        var before = shown.view();
        var view = next.view();
        if (view == null) {
            return;
        }
        if (before == null || !before.notices().equals(view.notices())) {
            event(out, "notices", pages.notices(view));
        }
        if (before == null || !before.tiles().equals(view.tiles())) {
            event(out, "tiles", pages.tiles(view.tiles()));
        }
        if (before == null || !before.tiles().alarm().equals(view.tiles().alarm())) {
            event(out, "alarms", pages.alarms(view.tiles()));
        }
        if (before == null || !before.rows().equals(view.rows())) {
            event(out, "rows", pages.rows(view));
        }
    }

    private static void event(OutputStream out, String part, String fragment) throws IOException {
        var event = new StringBuilder("event: ").append(part).append('\n');
        fragment.lines().forEach(line -> event.append("data: ").append(line).append('\n'));
        out.write(event.append('\n').toString().getBytes(UTF_8));
    }

    private void signIn(Context context) {
        if (!(access instanceof Access.BySession(var _, var _, var people))
                || door.ask(context) instanceof Entry.Welcome) {
            context.redirect("/");
            return;
        }
        var frame = frame(context, "Sign in", new Visitor.Stranger());
        if (!about.isTls() && !Door.keepsCookies(context)) {
            html(context, pages.message(frame, PLAIN_HTTP));
        } else if (!people.hasOwner()) {
            html(context, pages.message(frame, NO_OWNER));
        } else {
            html(context, pages.signIn(frame));
        }
    }

    /** Behind a one-time link, which looking does not use up. */
    private void welcome(Context context) {
        if (!(access instanceof Access.BySession(var _, var links, var _))) {
            context.redirect("/");
            return;
        }
        if (!about.isTls() && !Door.keepsCookies(context)) {
            html(context, pages.message(frame(context, "Sign in", new Visitor.Stranger()), PLAIN_HTTP));
            return;
        }
        var token = Optional.ofNullable(context.queryParam("token")).orElse("");
        switch (links.look(token)) {
            case Purpose.FirstOwner _ ->
                html(
                        context,
                        pages.welcome(
                                frame(context, "Welcome to Gatepost", new Visitor.Stranger()), new Welcome(token, "")));
            case Purpose.NewPassword(var person) ->
                html(
                        context,
                        pages.welcome(
                                frame(context, "Choose a password", new Visitor.Stranger()),
                                new Welcome(token, person.email())));
            case Purpose.None _ -> {
                context.status(403);
                html(context, pages.message(frame(context, "This link is used up", new Visitor.Stranger()), USED_UP));
            }
        }
    }

    private void asset(Context context) {
        var asset = assets.find(context.pathParam("file")).orElse(null);
        if (asset == null) {
            context.status(404);
            return;
        }
        context.contentType(asset.type());
        context.header("Cache-Control", "public, max-age=31536000, immutable");
        context.header("Vary", "Accept-Encoding");
        var accepted = context.header("Accept-Encoding");
        if (accepted != null && accepted.contains("gzip")) {
            context.header("Content-Encoding", "gzip");
            context.result(asset.gzip());
        } else {
            context.result(asset.octets());
        }
    }

    private Frame frame(Context context, String title, Visitor visitor) {
        var theme = context.cookie("theme");
        return new Frame(
                title,
                assets.path(),
                about.version(),
                about.setting(),
                "dark".equals(theme) || "light".equals(theme) ? theme : null,
                visitor);
    }

    private static void html(Context context, String page) {
        context.contentType("text/html; charset=utf-8").result(page);
    }
}
