package dev.gatepost.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.Map;

/** Renders the templates, which were compiled with the product. Pure but for its caches; safe for any thread. */
public final class Pages {

    private final TemplateEngine templates = TemplateEngine.createPrecompiled(ContentType.Html);

    /** The page of contacts. */
    public String contacts(Frame frame, ContactsView view) {
        return render("console/contacts.jte", Map.of("frame", frame, "view", view));
    }

    /** The notices alone, to replace those on an open page. */
    public String notices(ContactsView view) {
        return render("console/notices.jte", Map.of("notices", view.notices()));
    }

    /** The figures alone, to replace those on an open page. */
    public String tiles(Tiles tiles) {
        return render("console/tiles.jte", Map.of("tiles", tiles));
    }

    /** What is to be said about the credits alone, to replace it on an open page. */
    public String alarms(Tiles tiles) {
        return render("console/alarms.jte", Map.of("tiles", tiles));
    }

    /** The table alone, to replace the one on an open page. */
    public String rows(ContactsView view) {
        return render("console/rows.jte", Map.of("rows", view.rows()));
    }

    /** A page with a heading and a few sentences. */
    public String message(Frame frame, Message message) {
        return render("console/message.jte", Map.of("frame", frame, "message", message));
    }

    /** The form to sign in with. */
    public String signIn(Frame frame) {
        return render("console/signin.jte", Map.of("frame", frame));
    }

    /** The form behind a one-time link. */
    public String welcome(Frame frame, Welcome welcome) {
        return render("console/welcome.jte", Map.of("frame", frame, "welcome", welcome));
    }

    private String render(String template, Map<String, Object> values) {
        var out = new StringOutput(8 * 1024);
        templates.render(template, values, out);
        return out.toString();
    }
}
