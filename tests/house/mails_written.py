"""Which mails the gestures write, and with which words: every call of `mail(template, to=…, **words)`, read."""

import ast
from collections.abc import Iterator

from cvec.domain.mails import Template

from tests.house.building import sources, tree

NOT_WORDS = {"to", "tools"}


def words_of_mails() -> dict[Template, set[str]]:
    """The words that each template is given wherever it is written."""
    words: dict[Template, set[str]] = {}
    modules = [tree(source) for source in sources("layers/shared/cvec/usecases")]
    for module in modules:
        for function in (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)):
            for call in _calls(function, "mail"):
                given = _words(call, function)
                for name in _templates(call.args[0], function, module, modules):
                    words[Template[name]] = words.get(Template[name], given) & given
    return words


def _calls(within: ast.AST, name: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(within) if isinstance(node, ast.Call) and ast.unparse(node.func) == name)


def _words(call: ast.Call, function: ast.FunctionDef) -> set[str]:
    """The keywords of a call, those of a dictionary that it spreads among them."""
    named = {keyword.arg for keyword in call.keywords if keyword.arg}
    spread = [keyword.value for keyword in call.keywords if keyword.arg is None]
    literal = {
        str(key.value)
        for one in spread
        for value in _assigned(ast.unparse(one), function)
        for key in (value.keys if isinstance(value, ast.Dict) else ())
        if isinstance(key, ast.Constant)
    }
    return (named | literal) - NOT_WORDS


def _templates(said: ast.expr, function: ast.FunctionDef, module: ast.Module, modules: list[ast.Module]) -> set[str]:
    """The templates that an expression may be: named in it, in what its names hold, or by the function's callers."""
    places: list[ast.AST] = [said]
    for name in {node.id for node in ast.walk(said) if isinstance(node, ast.Name)}:
        places += _assigned(name, module)
        places += (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef) and node.name == name)
        if name in {argument.arg for argument in function.args.args}:
            callers = (call for other in modules for call in _calls(other, function.name))
            places += (argument for call in callers for argument in call.args)
    return {
        node.attr
        for place in places
        for node in ast.walk(place)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Template"
    }


def _assigned(name: str, within: ast.AST) -> Iterator[ast.expr]:
    """What is assigned to a name."""
    for node in ast.walk(within):
        if isinstance(node, ast.Assign) and name in map(ast.unparse, node.targets):
            yield node.value
        if isinstance(node, ast.AnnAssign) and node.value and ast.unparse(node.target) == name:
            yield node.value
