import Document
import TrueupCore

/// The JSON Schemas (draft-07) of the files of a desired state, for editors.
public enum FileSchema: String, CaseIterable, Sendable {
  case fleet, manifest, template

  /// The folder within the desired state that holds them; no part of the desired state itself.
  public static let folder = ".schemas"

  /// The file in that folder: `manifest.json`.
  public var fileName: String { "\(rawValue).json" }

  /// Of `fleet.jsonc`.
  public static var fleetDocument: Document {
    ObjectSchema.fleet.document.setting("$schema", .draft07)
      .setting("title", "The fleet of Trueup: what all stacks share")
  }

  /// Of blueprints, with the types of the catalog.
  public static func templateDocument(
    _ catalog: Catalog,
    schema: @escaping (String) -> ResourceSchema? = { ResourceSchema.embedded($0) }
  ) -> Document {
    TemplateSchema(catalog: catalog, schema: schema).document
  }

  /// Of manifests, with the parameters of the blueprints in the files.
  ///
  /// - Parameter blueprint: only this one.
  /// - Throws: where there is no such blueprint, or one cannot be read.
  public static func manifestDocument(
    _ files: DesiredFiles, blueprint: String? = nil
  ) throws(DesiredStateError) -> Document {
    let names = files.blueprintNames
    if let blueprint, !names.contains(blueprint) {
      throw .unknownBlueprint(blueprint, nearest: Spelling.nearest(to: blueprint, among: names))
    }
    var blueprints: [Blueprint] = []
    for name in blueprint.map({ [$0] }) ?? names {
      blueprints.append(try read(name, files))
    }
    return ManifestSchema(blueprints: blueprints).document
  }

  private static func read(
    _ name: String, _ files: DesiredFiles
  ) throws(DesiredStateError) -> Blueprint {
    let path = DesiredFiles.blueprintPath(of: name)
    let file = files.displayPath(path)
    let node: Node
    do throws(ReadingError) {
      node = try JSON.readNode(files.contents[path] ?? [])
    } catch {
      throw .unreadable(path: "\(file):\(error.position)", reason: error.message)
    }
    let log = DiagnosticLog()
    let blueprint = Blueprint(node, name: name, file: file, log: log)
    let problem = log.diagnostics.first { $0.severity == .error }
    if let blueprint, problem == nil { return blueprint }
    throw .unreadable(
      path: problem?.location?.description ?? file, reason: problem?.message ?? "it is no object")
  }
}
