/**
 * What the rules ask of one source file, read from its syntax tree: imports, uses of globals, uses of `Math`. Syntax only:
 * a value that reaches `Math.exp` by another name is not seen, so the rules refuse such aliases too.
 */
import ts from 'typescript';
import { readText } from './workspace.js';

/** Something found in a source, with its place as `file:line`. */
export interface Finding {
  readonly place: string;
  readonly what: string;
}

const parsed = new Map<string, ts.SourceFile>();

/** Syntax tree of TypeScript or JavaScript text; `file` is its name in findings. */
export function parseText(file: string, text: string): ts.SourceFile {
  const kind = /\.[jt]sx$/.test(file) ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true, kind);
}

/** Syntax tree of a file of the repository, by its path relative to the root. */
export function parse(file: string): ts.SourceFile {
  const known = parsed.get(file) ?? parseText(file, readText(file));
  parsed.set(file, known);
  return known;
}

function visit(node: ts.Node, action: (node: ts.Node) => void): void {
  action(node);
  ts.forEachChild(node, (child) => visit(child, action));
}

function finding(tree: ts.SourceFile, node: ts.Node, what: string): Finding {
  const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
  return { place: `${tree.fileName}:${line + 1}`, what };
}

/** Every module specifier: imports, re-exports, `import()` and import types. */
export function findImports(tree: ts.SourceFile): readonly Finding[] {
  const found: Finding[] = [];
  visit(tree, (node) => {
    let specifier: ts.Node | undefined;
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) specifier = node.moduleSpecifier;
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      specifier = node.argument.literal;
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      specifier = node.arguments[0];
    }
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) {
      found.push(finding(tree, specifier, specifier.text));
    }
  });
  return found;
}

/** Specifiers of what is loaded with the module: imports and re-exports of values, not of types. */
export function findLoads(tree: ts.SourceFile): readonly string[] {
  return tree.statements.flatMap((node) => {
    if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) return [];
    const clause = ts.isImportDeclaration(node) ? node.importClause : node;
    const names = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause;
    const onlyTypes =
      clause?.isTypeOnly === true ||
      (names !== undefined &&
        (ts.isNamedImports(names) || ts.isNamedExports(names)) &&
        names.elements.every((element) => element.isTypeOnly));
    const specifier = node.moduleSpecifier;
    return onlyTypes || specifier === undefined || !ts.isStringLiteral(specifier) ? [] : [specifier.text];
  });
}

/** Every use of the type `any`. */
export function findAny(tree: ts.SourceFile): readonly Finding[] {
  const found: Finding[] = [];
  visit(tree, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) found.push(finding(tree, node, 'any'));
  });
  return found;
}

/** Uses of the globals `names` as values, where the source does not declare the name itself. */
export function findGlobals(tree: ts.SourceFile, names: ReadonlySet<string>): readonly Finding[] {
  const declared = new Set<string>();
  const uses: ts.Identifier[] = [];
  visit(tree, (node) => {
    if (!ts.isIdentifier(node) || !names.has(node.text)) return;
    const parent = node.parent;
    const refers = ts.isPropertyAccessExpression(parent) || ts.isShorthandPropertyAssignment(parent);
    if ('name' in parent && parent.name === node && !refers) {
      // A declaration of the name, or the name of a property, which is not a use of the global either.
      if (!isMemberName(parent)) declared.add(node.text);
      return;
    }
    if (isValueUse(node)) uses.push(node);
  });
  return uses.filter((node) => !declared.has(node.text)).map((node) => finding(tree, node, node.text));
}

function isMemberName(node: ts.Node): boolean {
  return (
    ts.isPropertyAssignment(node) ||
    ts.isJsxAttribute(node) ||
    ts.isPropertySignature(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isMethodSignature(node) ||
    ts.isGetAccessor(node) ||
    ts.isSetAccessor(node)
  );
}

function isValueUse(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (ts.isQualifiedName(parent) || ts.isTypeReferenceNode(parent) || ts.isTypeQueryNode(parent))
    return false;
  if (ts.isBindingElement(parent) && parent.propertyName === node) return false;
  if (ts.isExpressionWithTypeArguments(parent) && ts.isHeritageClause(parent.parent)) {
    return parent.parent.token === ts.SyntaxKind.ExtendsKeyword && ts.isClassLike(parent.parent.parent);
  }
  return true;
}

/** ECMAScript's functions whose last digit is left to the engine. `sqrt` is exact and not among them. */
const inexact = new Set(
  'acos acosh asin asinh atan atan2 atanh cbrt cos cosh exp expm1 hypot log log10 log1p log2 pow sin sinh tan tanh'.split(
    ' ',
  ),
);

/**
 * Uses of host arithmetic that differs between engines: the inexact functions of `Math`, `**` (engines differ even for
 * integer exponents; a literal power of two is exact and allowed), and `Math` used as a value, which would hide a use.
 */
export function findInexactMath(tree: ts.SourceFile): readonly Finding[] {
  const found: Finding[] = [];
  visit(tree, (node) => {
    if (ts.isIdentifier(node) && node.text === 'Math' && isValueUse(node)) {
      const parent = node.parent;
      if (!ts.isPropertyAccessExpression(parent) || parent.expression !== node) {
        found.push(finding(tree, node, 'Math as a value'));
      } else if (inexact.has(parent.name.text)) found.push(finding(tree, node, `Math.${parent.name.text}`));
    }
    if (!ts.isBinaryExpression(node)) return;
    const operator = node.operatorToken.kind;
    if (operator === ts.SyntaxKind.AsteriskAsteriskEqualsToken) found.push(finding(tree, node, '**='));
    if (operator === ts.SyntaxKind.AsteriskAsteriskToken && !isPowerOfTwo(node))
      found.push(finding(tree, node, '**'));
  });
  return found;
}

function isPowerOfTwo(node: ts.BinaryExpression): boolean {
  const exponent = ts.isPrefixUnaryExpression(node.right) ? node.right.operand : node.right;
  return (
    ts.isNumericLiteral(node.left) &&
    node.left.text === '2' &&
    ts.isNumericLiteral(exponent) &&
    Number.isInteger(Number(exponent.text))
  );
}

/** Uses of the clock and of the engine's own random numbers. */
export function findClockAndChance(tree: ts.SourceFile): readonly Finding[] {
  const found: Finding[] = [...findGlobals(tree, new Set(['Date', 'performance', 'crypto']))];
  visit(tree, (node) => {
    if (ts.isPropertyAccessExpression(node) && node.getText(tree) === 'Math.random') {
      found.push(finding(tree, node, 'Math.random'));
    }
  });
  return found;
}
