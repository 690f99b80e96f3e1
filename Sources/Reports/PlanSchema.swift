import Document
import TrueupCore

/// The JSON Schema (draft-07) of what `trueup plan --format json` prints, and of what checks are given:
/// `formatVersion` 1. Members may be added within a version; those that are here stay.
public enum PlanSchema {
  public static let document: Document = [
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "A plan of Trueup: what an apply would change, and why",
    "type": "object",
    "required": ["formatVersion", "revision", "dirty", "stacks", "summary", "warnings", "calls"],
    "properties": [
      "formatVersion": ["const": 1],
      "revision": described(text, "The commit of the desired state; null outside of a repository."),
      "dirty": [
        "type": "boolean", "description": "Whether the work tree differs from that commit.",
      ],
      "snapshot": [
        "type": "string", "description": "The recorded snapshots that stood in for AWS.",
      ],
      "stacks": ["type": "array", "items": stack],
      "summary": summary,
      "calls": [
        "type": "object", "required": ["total", "byService"],
        "properties": [
          "total": count, "byService": ["type": "object", "additionalProperties": count],
        ],
      ],
      "warnings": ["type": "array", "items": warning],
      "checks": ["type": "array", "items": check],
      "run": described(text, "The id of the run, where something was applied."),
      "heldBack": ["type": "array", "items": ["type": "object"]],
    ],
  ]

  private static let text: Document = ["type": ["string", "null"]]
  private static let count: Document = ["type": "integer", "minimum": 0]

  private static func described(_ schema: Document, _ description: String) -> Document {
    schema.setting("description", .string(description))
  }

  private static func words(_ words: [String]) -> Document {
    ["enum": .list(words.map(Document.string))]
  }

  private static let stack: Document = [
    "type": "object",
    "required": ["stack", "account", "region", "status", "error", "changes", "notChecked"],
    "properties": [
      "stack": ["type": "string", "description": "client-environment"],
      "account": ["type": "string"],
      "region": ["type": "string"],
      "status": words(["ok", "failed", "suspended"]),
      "error": described(text, "Why it could not be planned, or was refused."),
      "changes": ["type": "array", "items": change],
      "notChecked": [
        "type": "array",
        "items": [
          "type": "object", "required": ["address", "path", "reason"],
          "properties": [
            "address": ["type": "string"], "path": ["type": "string"], "reason": ["type": "string"],
          ],
        ],
      ],
      "notes": [
        "type": "array", "items": ["type": "string"], "description": "What else there is to know.",
      ],
    ],
  ]

  private static let change: Document = [
    "type": "object",
    "required": [
      "address", "resource", "type", "id", "action", "reason", "cause", "gone", "desired",
      "differences", "after",
    ],
    "properties": [
      "address": ["type": "string", "description": "client-environment/LogicalId"],
      "resource": ["type": "string", "description": "The logical id."],
      "type": ["type": "string", "description": "AWS::EC2::SecurityGroup"],
      "id": described(text, "The physical id; null while there is none."),
      "action": words(Change.Action.allCases.map(\.rawValue)),
      "cause": words(
        ["new", "pending", "drift", "conflict", "removed", "orphan", "unknown"]),
      "reason": text,
      "hint": ["type": "string"],
      "gone": ["type": "boolean", "description": "Somebody has deleted it in AWS."],
      "desired": [
        "type": ["object", "null"],
        "description": "What the resource will hold, as far as it is known; null for what goes.",
      ],
      "losesData": [
        "const": true,
        "description": "It holds data, which would be lost without anything that keeps it.",
      ],
      "differences": ["type": "array", "items": difference],
      "after": [
        "type": "array",
        "items": [
          "type": "object", "required": ["address", "because", "path"],
          "properties": [
            "address": ["type": "string"],
            "because": words(["reference", "DependsOn", "replacement", "deletion"]),
            "path": text,
          ],
        ],
      ],
      "account": ["type": "string", "description": "Where that is not its stack's."],
      "region": text,
      "outcome": text, "error": text, "calls": ["type": ["integer", "null"]],
      "seconds": ["type": ["number", "null"]],
    ],
  ]

  private static let difference: Document = [
    "type": "object", "required": ["path", "desired", "observed", "lastApplied", "effect"],
    "properties": [
      "path": ["type": "string", "description": "A JSON pointer: /SecurityGroupIngress"],
      "desired": [
        "description":
          "null where nothing is desired; {\"unknown\": …} while it is not known, {\"secret\": …} for secrets."
      ],
      "observed": ["description": "null where AWS shows nothing."],
      "lastApplied": ["description": "null where nothing is known."],
      "effect": words(["update", "replace"]),
      "loss": [
        "type": "string", "description": "What the update takes away; it counts like a deletion.",
      ],
    ],
  ]

  private static let summary: Document = [
    "type": "object",
    "required": .list((Change.Action.allCases.map(\.rawValue) + ["inSync"]).map(Document.string)),
    "additionalProperties": count,
  ]

  private static let warning: Document = [
    "type": "object", "required": ["file", "line", "column", "message"],
    "properties": [
      "file": text, "line": ["type": ["integer", "null"]], "column": ["type": ["integer", "null"]],
      "message": ["type": "string"],
    ],
  ]

  private static let check: Document = [
    "type": "object", "required": ["name", "verdict", "warn", "problem", "output"],
    "properties": [
      "name": ["type": "string"],
      "verdict": words(["passed", "denied", "broken", "not run"]),
      "warn": ["type": "boolean"], "problem": text, "output": ["type": "string"],
    ],
  ]
}
