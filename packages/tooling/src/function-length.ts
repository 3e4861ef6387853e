/**
 * How long functions are, in lines. Read from the syntax tree of TypeScript 5.9.3 (`typescript-api`): the compiler that
 * builds the house, 7.0.2, is native and has no interface for tools yet.
 */
import ts from "typescript-api";

export type Measured = {
  /** What a reader would call it: `placeOrder`, `Checkout`, `post`, or the call that it is handed to: `createForm(…)`. */
  readonly name: string;
  /** Its first line in the file, from 1. */
  readonly line: number;
  /** From the signature to the closing brace, without lines that are markup alone. */
  readonly lines: number;
};

type Callable = ts.FunctionLikeDeclaration & { readonly body: ts.Node };

const isCallable = (node: ts.Node): node is Callable =>
  ts.isFunctionLike(node) && "body" in node && node.body !== undefined;

const isMarkup = (node: ts.Node): boolean =>
  ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isJsxFragment(node);

/** A list of tests is as long as it has tests: what is measured are the tests. */
const isListOfTests = (node: ts.Node): boolean =>
  ts.isCallExpression(node.parent) && /^(describe|inBrowser)\b/.test(node.parent.expression.getText());

const nameOf = (node: Callable): string => {
  if (node.name) return node.name.getText();
  if (ts.isConstructorDeclaration(node)) return "constructor";
  for (let up: ts.Node = node.parent; up; up = up.parent) {
    if (ts.isVariableDeclaration(up) || ts.isPropertyAssignment(up) || ts.isJsxAttribute(up))
      return up.name.getText();
    if (ts.isCallExpression(up)) {
      const [first] = up.arguments;
      const title = first && ts.isStringLiteralLike(first) ? JSON.stringify(first.text) : "…";
      return `${up.expression.getText().split("\n")[0]}(${title})`;
    }
    if (ts.isExportAssignment(up)) return "default";
    if (isCallable(up)) break;
  }
  return "(nameless)";
};

/** Every function of a file that has a body, those inside others too. */
export const functionsOf = (file: string, text: string): readonly Measured[] => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const linesOf = (node: ts.Node): number => lineAt(node.getEnd()) - lineAt(node.getStart(source)) + 1;

  /** Lines that hold nothing but markup; the lines on which markup opens and closes count as logic's. */
  const markupIn = (node: ts.Node): number => {
    let lines = 0;
    const look = (child: ts.Node): void => {
      if (isMarkup(child)) lines += Math.max(0, linesOf(child) - 2);
      else ts.forEachChild(child, look);
    };
    ts.forEachChild(node, look);
    return lines;
  };

  const found: Measured[] = [];
  const visit = (node: ts.Node): void => {
    if (isCallable(node) && !isListOfTests(node))
      found.push({
        name: nameOf(node),
        line: lineAt(node.getStart(source)),
        lines: linesOf(node) - markupIn(node),
      });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};
