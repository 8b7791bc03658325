"""Parts of pages that are the same for everybody, drawn once for each language in each process.

Most of a page's time goes into its templates, and most of what those draw says nothing of anybody:
words, addresses, icons. Nodes beside one another that look at nothing but the language become one,
which keeps what it has drawn. What names a variable, or a filter, is never among them: so nothing
of a person is kept. A tag of ours that looks at its arguments alone says so (``@fixed``).
"""

from threading import RLock

from django.template import Node, NodeList
from django.template.base import TextNode, TokenType
from django.template.defaulttags import CommentNode, IfNode, LoadNode, TemplateTagNode, URLNode
from django.template.library import SimpleNode
from django.template.loader_tags import IncludeNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import get_script_prefix
from django.utils.translation import get_language


def fixed(tag):
    """Mark a simple tag that gives everybody the same for the same arguments."""
    tag.is_fixed = True
    return tag


class Loader(cached.Loader):
    """Django's, which keeps templates once read; none is drawn before its parts are folded."""

    def __init__(self, engine, loaders):
        super().__init__(engine, loaders)
        self.one_at_a_time = RLock()

    def get_template(self, template_name, skip=None):
        template = super().get_template(template_name, skip)
        if not getattr(template, "is_folded", False):
            with self.one_at_a_time:
                self._fold(template)
        return template

    def _fold(self, template):
        if not hasattr(template, "is_folded"):
            template.is_folded = False  # one that includes itself meets itself here
            fold(template.nodelist, template.engine)
            template.is_folded = True


class Fixed(Node):
    child_nodelists = ()

    def __init__(self, nodes):
        self.nodes, self.drawn = NodeList(nodes), {}
        self.token, self.origin = nodes[0].token, nodes[0].origin

    def render(self, context):
        key = get_language(), get_script_prefix(), context.autoescape
        if key not in self.drawn:
            self.drawn[key] = self.nodes.render(context)
        return self.drawn[key]


class Found:
    """In place of the name in an ``include``: Django would look for it in each page."""

    def __init__(self, template):
        self.template = template

    def resolve(self, context):
        return self.template


def fold(nodelist, engine):
    """Put its fixed parts, and those of all that is inside of it, into one node each."""
    folded, beside = [], []
    for node in nodelist:
        nodes = _fixed_nodes(node, engine)
        if nodes is None:
            _fold_inside(node, engine)
            folded += [*_as_one(beside), node]
            beside = []
        else:
            beside += nodes
    nodelist[:] = [*folded, *_as_one(beside)]


def _fixed_nodes(node, engine):
    """The nodes that draw what this one does, where they are fixed; else None."""
    if isinstance(node, IncludeNode) and _is_literal(node.template):
        return _of_included(node, engine.get_template(node.template.var))
    return [node] if _is_fixed(node) else None


def _of_included(node, included):
    node.template = Found(included)
    is_fixed = not node.extra_context and all(map(_is_fixed, included.nodelist))
    return list(included.nodelist) if is_fixed else None


def _is_fixed(node) -> bool:
    match node:
        case Fixed() | TextNode() | CommentNode() | LoadNode() | TemplateTagNode():
            return True
        case TranslateNode(asvar=None):
            return _is_literal(node.filter_expression)
        case BlockTranslateNode(asvar=None):
            return _is_fixed_text(node)
        case StaticNode(varname=None):
            return _is_literal(node.path)
        case URLNode(asvar=None):
            return all(map(_is_literal, [node.view_name, *node.args, *node.kwargs.values()]))
        case SimpleNode(target_var=None):
            looked_at = [*node.args, *node.kwargs.values()]
            return getattr(node.func, "is_fixed", False) and all(map(_is_literal, looked_at))
    return False


def _is_fixed_text(node) -> bool:
    given = node.extra_context | ({node.countervar: node.counter} if node.counter else {})
    tokens = [*node.singular, *node.plural]
    named = {token.contents for token in tokens if token.token_type == TokenType.VAR}
    return named <= given.keys() and all(map(_is_literal, given.values()))


def _is_literal(expression) -> bool:
    is_variable = expression.is_var and expression.var.lookups is not None
    return not is_variable and not expression.filters


def _fold_inside(node, engine):
    if isinstance(node, IfNode):
        inside = [nodelist for _condition, nodelist in node.conditions_nodelists]
    else:
        inside = [getattr(node, name, None) for name in node.child_nodelists]
    for nodelist in inside:
        if nodelist:
            fold(nodelist, engine)


def _as_one(nodes):
    if all(isinstance(node, TextNode) for node in nodes):
        text = "".join(node.s for node in nodes)
        return [TextNode(text)] if text else []
    return [Fixed(nodes)]
