"""A small screen reader without a voice. Runs as a process of its own, under the system's Python.

Questions come as JSON lines on standard input, answers and announcements go as JSON lines to
standard output. It imports nothing of this project.
"""

import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402


def say(event, **facts):
    print(json.dumps({"event": event, **facts}, ensure_ascii=False), flush=True)


def walk(node, app=""):
    yield app, node
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child is not None:
            yield from walk(child, app or child.get_name())


def everything():
    desktop = Atspi.get_desktop(0)
    desktop.clear_cache()
    for index in range(desktop.get_child_count()):
        app = desktop.get_child_at_index(index)
        if app is None:
            continue
        try:
            app.clear_cache()
            yield from walk(app, app.get_name())
        except GLib.Error:  # the program has just ended
            continue


def labels(node):
    found = []
    for relation in node.get_relation_set():
        if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY:
            found += [relation.get_target(i).get_name() for i in range(relation.get_n_targets())]
    return found


def text_of(node):
    text = node.get_text_iface()
    return Atspi.Text.get_text(text, 0, -1) if text else None


def actions(node):
    action = node.get_action_iface()
    if action is None:
        return []
    return [Atspi.Action.get_action_name(action, i) for i in range(action.get_n_actions())]


def facts(app, node):
    states = node.get_state_set().get_states()
    return {
        "app": app,
        "role": node.get_role_name(),
        "name": node.get_name(),
        "description": node.get_description(),
        "states": [state.value_nick for state in states],
        "text": text_of(node),
        "actions": actions(node),
        "labels": labels(node),
        "children": node.get_child_count(),
    }


def find(role, name):
    for _, node in everything():
        if (node.get_role_name(), node.get_name()) == (role, name):
            return node
    return None


def shown(node):
    """A node and what is shown in it; what is not shown may be large."""
    yield node
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child is not None and child.get_state_set().contains(Atspi.StateType.SHOWING):
            yield from shown(child)


def focused(app_name, but_not):
    """What has the focus in a program, of any role but these."""
    for node in shown_of(app_name):
        is_focused = node.get_state_set().contains(Atspi.StateType.FOCUSED)
        if is_focused and node.get_role_name() not in but_not:
            return facts(app_name, node)
    return None


def shown_of(app_name):
    """What is shown in a program's windows."""
    desktop = Atspi.get_desktop(0)
    for index in range(desktop.get_child_count()):
        app = desktop.get_child_at_index(index)
        if app is not None and app.get_name() == app_name:
            for number in range(app.get_child_count()):
                yield from shown(app.get_child_at_index(number))


def nameless(app_name):
    """What can have the keyboard in a program's shown windows, and has no name; None without one."""
    found, is_there = [], False
    for node in shown_of(app_name):
        is_there = True
        role = node.get_role_name()
        # cells of a file dialog are what is listed, not controls
        if role == "table cell" or not is_shown_stop(node):
            continue
        # the name of a combo box is what is chosen in it
        if (role == "combo box" or not node.get_name()) and not labels(node):
            found.append(facts(app_name, node))
    return found if is_there else None


def is_shown_stop(node):
    states = node.get_state_set()
    return states.contains(Atspi.StateType.FOCUSABLE) and states.contains(Atspi.StateType.SHOWING)


def answer(question):
    if question["do"] == "tree":
        return [facts(app, node) for app, node in everything()]
    if question["do"] == "shown":
        return [facts(question["app"], node) for node in shown_of(question["app"])]
    if question["do"] == "nameless":
        return nameless(question["app"])
    if question["do"] == "focused":
        return focused(question["app"], question["but_not"])
    node = find(question["role"], question["name"])
    if node is None:
        return False
    if question["do"] == "press":
        action = node.get_action_iface()
        return bool(action and action.get_n_actions() and Atspi.Action.do_action(action, 0))
    editable = node.get_editable_text_iface()
    return bool(editable and Atspi.EditableText.set_text_contents(editable, question["text"]))


def on_question(channel, condition):
    line = sys.stdin.readline()
    if not line:
        Atspi.event_quit()
        return False
    question = json.loads(line)
    try:
        say("answer", number=question["number"], answer=answer(question))
    except GLib.Error as error:  # a program ended while it was asked
        sys.stderr.write(f"{error}\n")
        say(
            "answer",
            number=question["number"],
            answer=[] if question["do"] in ("tree", "shown") else None,
        )
    return True


def on_focus(event):
    if event.detail1:
        event.source.clear_cache()  # its name may be another by now
        say("focus", role=event.source.get_role_name(), name=event.source.get_name())


def on_announcement(event):
    say("announcement", level=event.detail1, text=str(event.any_data))


Atspi.init()
# states of now, not those of the first look
Atspi.get_desktop(0).set_cache_mask(Atspi.Cache.NONE)
listener = Atspi.EventListener.new(on_announcement)
listener.register("object:announcement")
focus_listener = Atspi.EventListener.new(on_focus)
focus_listener.register("object:state-changed:focused")
GLib.io_add_watch(sys.stdin.fileno(), GLib.IO_IN | GLib.IO_HUP, on_question)
say("ready")
Atspi.event_main()
