/**
 * Links in our pages that name code: `` [`placeOrder`](../packages/…/orders.ts#L35) ``. The symbol is what counts; the
 * line, and the file after a move, are looked up.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript-api";

/** All that a link may point into, from the project's root: TypeScript, and SQL in the order in which it is applied. */
export type Sources = { readonly root: string; readonly files: readonly string[] };

const link = /\[`([^`]+)`\]\((\.[^)#]*)(?:#L\d+)?\)/g;

/** The line on which a file declares the symbol at its top level, from 1; null when it does not. */
const lineOf = (file: string, text: string, symbol: string): number | null => {
  if (file.endsWith(".sql")) {
    const name = symbol.replaceAll(".", "\\.");
    const found = new RegExp(`^create (?:or replace )?(?:function|view|table) ${name}\\b`, "mi").exec(text);
    return found ? text.slice(0, found.index).split("\n").length : null;
  }
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  for (const statement of source.statements) {
    const names = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map(({ name }) => (ts.isIdentifier(name) ? name.text : ""))
      : ts.isFunctionDeclaration(statement) ||
          ts.isClassDeclaration(statement) ||
          ts.isTypeAliasDeclaration(statement)
        ? [statement.name?.text ?? ""]
        : [];
    if (names.includes(symbol))
      return source.getLineAndCharacterOfPosition(statement.getStart(source)).line + 1;
  }
  return null;
};

type Place = { readonly file: string; readonly line: number };

/** Where a symbol is: in the file that the link names, or where alone it is declared now. SQL is in its newest file. */
const placeOf = ({ root, files }: Sources, file: string, symbol: string): Place => {
  const inFile = (candidate: string): Place[] => {
    const text = readFileSync(join(root, candidate), "utf8");
    const line = text.includes(symbol.split(".").at(-1) ?? symbol) ? lineOf(candidate, text, symbol) : null;
    return line === null ? [] : [{ file: candidate, line }];
  };
  const isSql = file.endsWith(".sql");
  const [named] = !isSql && existsSync(join(root, file)) ? inFile(file) : [];
  if (named) return named;
  const found = files.filter((other) => other.endsWith(".sql") === isSql).flatMap(inFile);
  const leaf = file.split("/").at(-1);
  const likely = isSql
    ? found.slice(-1)
    : found.length > 1
      ? found.filter((at) => at.file.endsWith(`/${leaf}`))
      : found;
  const [place, other] = likely;
  if (!place) throw new Error(`\`${symbol}\` of ${file} is declared nowhere: name what does its work now.`);
  if (other) throw new Error(`\`${symbol}\` is in ${place.file} and in ${other.file}: name one of them.`);
  return place;
};

/** A page of ours with all such links as they must be today. `page` is its path from the root. */
export const refreshed = (sources: Sources, page: string, text: string): string =>
  text.replace(link, (_, symbol: string, target: string) => {
    const file = relative(sources.root, join(sources.root, dirname(page), target));
    const place = placeOf(sources, file, symbol);
    return `[\`${symbol}\`](${relative(dirname(page), place.file)}#L${place.line})`;
  });
