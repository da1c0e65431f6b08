"""A small screen reader without a voice. Runs as a process of its own, under the system's Python.

Questions come as JSON lines on standard input, answers and announcements go as JSON lines to
standard output. It imports nothing of this project.
"""

import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

ORCA_LISTENS = (
    "object:active-descendant-changed",
    "object:announcement",
    "object:children-changed",
    "object:property-change:accessible-description",
    "object:property-change:accessible-name",
    "object:property-change:accessible-value",
    "object:selection-changed",
    "object:state-changed:active",
    "object:state-changed:checked",
    "object:state-changed:expanded",
    "object:state-changed:focused",
    "object:state-changed:selected",
    "object:state-changed:sensitive",
    "object:state-changed:showing",
    "object:text-caret-moved",
    "object:text-changed",
    "object:text-selection-changed",
    "object:value-changed",
    "window",
)


def say(event, **facts):
    print(json.dumps({"event": event, **facts}, ensure_ascii=False), flush=True)


def children(node):
    found = (node.get_child_at_index(index) for index in range(node.get_child_count()))
    return [child for child in found if child is not None]


def states(node):
    return {state.value_nick for state in node.get_state_set().get_states()}


def walk(node, only_shown):
    """An object and all in it, with their states. Of a list that is shown, every line is."""
    has = states(node)
    if only_shown and "showing" not in has and node.get_role_name() != "list item":
        return
    yield node, has
    for child in children(node):
        yield from walk(child, only_shown)


def programs(name):
    """Those that run, or that of a name."""
    desktop = Atspi.get_desktop(0)
    desktop.clear_cache()
    for program in children(desktop):
        try:
            is_it = name in ("", program.get_name())
        except GLib.Error as error:  # it has just ended, or does not answer: the others still do
            sys.stderr.write(f"a program: {error}\n")
            continue
        if is_it:
            program.clear_cache()
            yield program


def everything(app="", only_shown=True):
    """Every object, with the name of its program and its states. Each question to a program takes
    time: what is not shown may be large, and what is not wanted is not asked."""
    for program in programs(app):
        try:
            name = program.get_name()
            yield name, program, states(program)
            for window in children(program):
                yield from ((name, *found) for found in walk(window, only_shown))
        except GLib.Error as error:  # the program has just ended
            sys.stderr.write(f"a program: {error}\n")


def labels(node):
    found = []
    for relation in node.get_relation_set():
        if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY:
            found += [relation.get_target(i).get_name() for i in range(relation.get_n_targets())]
    return found


def text_of(node, kinds):
    return Atspi.Text.get_text(node, 0, -1) if "Text" in kinds else None


def actions(node, kinds):
    if "Action" not in kinds:
        return []
    count = Atspi.Action.get_n_actions(node)
    return [Atspi.Action.get_action_name(node, i) for i in range(count)]


def facts(app, node, has):
    kinds = node.get_interfaces()
    return {
        "app": app,
        "role": node.get_role_name(),
        "name": node.get_name(),
        "description": node.get_description(),
        "states": sorted(has),
        "text": text_of(node, kinds),
        "actions": actions(node, kinds),
        "labels": labels(node),
        "children": node.get_child_count(),
    }


def tree(app="", role="", state="", only_shown=False):
    return [
        facts(name, node, has)
        for name, node, has in everything(app, only_shown)
        if (not state or state in has) and role in ("", node.get_role_name())
    ]


def find(role, name):
    for app, node, has in everything():
        if node.get_role_name() == role and node.get_name() == name:
            return app, node, has
    return None


def look(role, name):
    found = find(role, name)
    return facts(*found) if found else None


newest_focus = []
"""What got the focus last, if anything has."""


def still_focused(app_name, but_not):
    """What got it last, if it still has it: that is asked much sooner than all others."""
    try:
        for node in newest_focus:
            has = states(node)
            if (
                {"focused", "showing"} <= has
                and node.get_role_name() not in but_not
                and node.get_application().get_name() == app_name
            ):
                return facts(app_name, node, has)
    except GLib.Error:  # it is gone
        newest_focus.clear()
    return None


def focused(app_name, but_not):
    """What has the focus in a program, of any role but these."""
    if found := still_focused(app_name, but_not):
        return found
    for app, node, has in everything(app_name):
        if "focused" in has and node.get_role_name() not in but_not:
            return facts(app, node, has)
    return None


def nameless(app_name):
    """What can have the keyboard in a program's shown windows, and has no name; None without one."""
    found, is_there = [], False
    for app, node, has in everything(app_name):
        is_there = True
        role = node.get_role_name()
        # cells of a file dialog are what is listed, not controls
        if role == "table cell" or not {"focusable", "showing"} <= has:
            continue
        # the name of a combo box is what is chosen in it
        if (role == "combo box" or not node.get_name()) and not labels(node):
            found.append(facts(app, node, has))
    return found if is_there else None


def press(role, name):
    found = find(role, name)
    action = found[1].get_action_iface() if found else None
    return bool(action and action.get_n_actions() and Atspi.Action.do_action(action, 0))


def set_text(role, name, text):
    found = find(role, name)
    editable = found[1].get_editable_text_iface() if found else None
    return bool(editable and Atspi.EditableText.set_text_contents(editable, text))


counted = []
"""The listener for what is counted, once that has begun, and the kind of each event since the last answer."""


def count():
    """How many events of each kind came since it was asked last: of the kinds that Orca listens to.
    Asked for the first time it begins: a program does not send what nobody listens to."""
    if not counted:
        counted.append(Atspi.EventListener.new(lambda event: counted.append(event.type)))
        for kind in ORCA_LISTENS:
            counted[0].register(kind)
    kinds = counted[1:]
    del counted[1:]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


ANSWERS = {
    "count": count,
    "tree": tree,
    "find": look,
    "focused": focused,
    "nameless": nameless,
    "press": press,
    "set-text": set_text,
}


def on_question(channel, condition):
    line = sys.stdin.readline()
    if not line:
        Atspi.event_quit()
        return False
    question = json.loads(line)
    number, do = question.pop("number"), question.pop("do")
    try:
        say("answer", number=number, answer=ANSWERS[do](**question))
    except GLib.Error as error:  # a program ended while it was asked
        sys.stderr.write(f"{error}\n")
        say("answer", number=number, answer=[] if do == "tree" else None)
    return True


def on_focus(event):
    if event.detail1:
        event.source.clear_cache()  # its name may be another by now
        newest_focus[:] = [event.source]
        say("focus", role=event.source.get_role_name(), name=event.source.get_name())


def on_caret(event):
    say("caret", name=event.source.get_name())


def on_announcement(event):
    say("announcement", level=event.detail1, text=str(event.any_data))


Atspi.init()
# states of now, not those of the first look
Atspi.get_desktop(0).set_cache_mask(Atspi.Cache.NONE)
listener = Atspi.EventListener.new(on_announcement)
listener.register("object:announcement")
focus_listener = Atspi.EventListener.new(on_focus)
focus_listener.register("object:state-changed:focused")
caret_listener = Atspi.EventListener.new(on_caret)
caret_listener.register("object:text-caret-moved")
GLib.io_add_watch(sys.stdin.fileno(), GLib.IO_IN | GLib.IO_HUP, on_question)
say("ready")
Atspi.event_main()
