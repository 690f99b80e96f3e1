/// Words of other tools, where ours are expected: each points to what it is here.
enum ForeignWord {
  /// Where the word stands.
  enum Place {
    case blueprint, resource, manifest, fleet, other

    /// - Parameter subject: as errors call it, `resource "Vpc"`.
    init(_ subject: String) {
      self =
        switch subject {
        case "the blueprint": .blueprint
        case "the manifest": .manifest
        case "the fleet": .fleet
        case _ where subject.hasPrefix("resource "): .resource
        default: .other
        }
    }
  }

  /// `; …`, or `nil` for a word that no other tool has.
  static func hint(_ word: String, in place: Place) -> String? {
    let word = word.replacing("_", with: "").replacing("-", with: "").lowercased()
    let hint =
      switch place {
      case .blueprint: inBlueprint[word]
      case .resource: inResource[word]
      case .manifest: inManifest[word]
      case .fleet: inFleet[word]
      case .other: String?.none
      }
    return hint.map { "; \($0)" }
  }

  private static let loops =
    "several of a kind are made by \"Fn::ForEach::Name\" under \"Resources\" (with \"Transform\": "
    + "\"AWS::LanguageExtensions\"), one or none by \"Condition\""
  private static let noState = "there is no state to keep: Trueup looks at AWS itself"
  private static let kubernetes =
    "this looks like Kubernetes; here a blueprint has \"Resources\", and a manifest names a \"client\" "
    + "and a \"blueprint\""

  private static let inResource = [
    "count": loops, "foreach": loops, "replicas": loops, "instances": loops,
    "lifecycle":
      "what a resource survives is said by \"DeletionPolicy\" and \"UpdateReplacePolicy\": \"Retain\", the "
      + "order of a replacement by \"Metadata\": { \"Trueup\": { \"Replace\": \"delete-first\" } }; what is "
      + "not declared is left alone",
    "preventdestroy": "say \"DeletionPolicy\": \"Retain\"",
    "createbeforedestroy": "that is the rule where AWS allows it",
    "ignorechanges": "a property that is not declared is left alone",
    "protect": "say \"DeletionPolicy\": \"Retain\"",
    "dependson": "it is spelled \"DependsOn\"",
    "provider":
      "\"Metadata\": { \"Trueup\": { \"Account\": …, \"Region\": … } } places a resource elsewhere",
    "provisioner": "nothing is run on machines; \"UserData\" is",
    "connection": "nothing is run on machines; \"UserData\" is",
    "timeouts": "Trueup knows how long AWS takes", "timeout": "Trueup knows how long AWS takes",
    "source": "a resource is written out; what several stacks share is a blueprint",
    "module": "what several stacks share is a blueprint",
    "apiversion": kubernetes, "spec": kubernetes,
    "kind": "it is called \"Type\": \"AWS::EC2::VPC\"",
    "resource": "it is called \"Type\": \"AWS::EC2::VPC\"",
    "name": "the key of the resource is its name here; a name in AWS stands under \"Properties\"",
    "arguments": "it is called \"Properties\"", "config": "it is called \"Properties\"",
    "inputs": "it is called \"Properties\"", "attributes": "it is called \"Properties\"",
    "options": "it is called \"Properties\"", "args": "it is called \"Properties\"",
    "if": "it is called \"Condition\"", "when": "it is called \"Condition\"",
    "tags": "tags are a property: put them under \"Properties\"",
    "moved": "say \"Metadata\": { \"Trueup\": { \"Was\": \"OldId\" } }",
    "aliases": "say \"Metadata\": { \"Trueup\": { \"Was\": \"OldId\" } }",
    "import": "say \"adopt\" in the manifest: trueup adopt ADDRESS ID",
  ]

  private static let inBlueprint = [
    "variable": "it is called \"Parameters\"", "variables": "it is called \"Parameters\"",
    "vars": "it is called \"Parameters\"", "inputs": "it is called \"Parameters\"",
    "values": "it is called \"Parameters\"", "params": "it is called \"Parameters\"",
    "local": "values by name are \"Mappings\", read with Fn::FindInMap",
    "locals": "values by name are \"Mappings\", read with Fn::FindInMap",
    "resource": "it is called \"Resources\"",
    "output": "it is called \"Outputs\"", "exports": "it is called \"Outputs\"",
    "data":
      "what the account holds is read by parameters of a type AWS::SSM::Parameter::Value<…>, by "
      + "{{resolve:ssm:…}} and Fn::GetAZs; other stacks' values by Fn::ImportValue",
    "module": "a stack has one blueprint; give each module a manifest of its own",
    "modules": "a stack has one blueprint; give each module a manifest of its own",
    "provider": "account and region stand in the manifest and in fleet.jsonc",
    "providers": "account and region stand in the manifest and in fleet.jsonc",
    "terraform": noState, "backend": noState, "state": noState,
    "moved": "say \"Metadata\": { \"Trueup\": { \"Was\": \"OldId\" } } on the resource",
    "import": "say \"adopt\" in the manifest: trueup adopt ADDRESS ID",
    "imports": "say \"adopt\" in the manifest: trueup adopt ADDRESS ID",
    "globals": "that is the Serverless Application Model's; write the properties on each resource",
    "hooks": "hooks of a deployment are not supported",
    "stacks": "a stack is a manifest, clients/<client>-<environment>.jsonc",
    "apiversion": kubernetes, "kind": kubernetes, "spec": kubernetes,
    "client": "that belongs into the manifest, clients/<client>-<environment>.jsonc",
    "project": "that belongs into fleet.jsonc", "accounts": "that belongs into fleet.jsonc",
  ]

  private static let order =
    "stacks are ordered by the values that they take: Fn::ImportValue in the blueprint"

  private static let inManifest = [
    "vars": "it is called \"parameters\"", "variables": "it is called \"parameters\"",
    "values": "it is called \"parameters\"", "inputs": "it is called \"parameters\"",
    "params": "it is called \"parameters\"", "config": "it is called \"parameters\"",
    "template": "it is called \"blueprint\"", "module": "it is called \"blueprint\"",
    "source": "it is called \"blueprint\"", "chart": "it is called \"blueprint\"",
    "stack": "a stack is named by \"client\" and \"environment\"",
    "stackname": "a stack is named by \"client\" and \"environment\"",
    "name": "a stack is named by \"client\" and \"environment\"",
    "workspace": "it is called \"environment\"", "env": "it is called \"environment\"",
    "stage": "it is called \"environment\"",
    "customer": "it is called \"client\"", "tenant": "it is called \"client\"",
    "resources": "resources stand in the blueprint", "outputs": "outputs stand in the blueprint",
    "profile":
      "credentials come from the environment; accounts and their roles stand in fleet.jsonc",
    "role": "accounts and their roles stand in fleet.jsonc",
    "backend": noState, "terraform": noState, "state": noState,
    "dependson": order,
    "dependencies": order,
    "import": "it is called \"adopt\"", "imports": "it is called \"adopt\"",
    "delete": "it is called \"destroy\"", "paused": "it is called \"suspend\"",
    "pause": "it is called \"suspend\"", "enabled": "it is called \"suspend\": true",
    "apiversion": kubernetes, "kind": kubernetes, "spec": kubernetes, "metadata": kubernetes,
    "project": "that belongs into fleet.jsonc", "limits": "that belongs into fleet.jsonc",
  ]

  private static let inFleet = [
    "name": "it is called \"project\"", "backend": noState, "terraform": noState, "state": noState,
    "provider": "accounts and regions: \"accounts\": { \"main\": { \"id\": …, \"region\": … } }",
    "providers": "accounts and regions: \"accounts\": { \"main\": { \"id\": …, \"region\": … } }",
    "defaulttags": "it is called \"tags\"", "profile": "credentials come from the environment",
    "stacks": "a stack is a manifest, clients/<client>-<environment>.jsonc",
    "clients": "a client's stack is a manifest, clients/<client>-<environment>.jsonc",
    "parameters": "parameters stand in the manifests", "budget": "it is called \"limits\"",
    "slack": "it belongs under \"notify\"", "webhook": "it belongs under \"notify\"",
  ]

  /// What a name is where only other tools have such: `var.region`, `aws_vpc.main.id`.
  static func hint(reference name: String) -> String? {
    let first = name.split(separator: ".", maxSplits: 1).first.map(String.init) ?? name
    switch first {
    case "var", "local", "each", "count", "path", "terraform", "self":
      return "; \(first).… is Terraform's: a parameter is { \"Ref\": \"Name\" }, in a text ${Name} "
        + "within Fn::Sub"
    case "data", "module":
      return "; \(first).… is Terraform's: other stacks' values come by Fn::ImportValue, the "
        + "account's by {{resolve:ssm:…}}"
    case "Values", "Release", "Chart":
      return "; .\(first) is Helm's: a parameter is { \"Ref\": \"Name\" }"
    case _ where TerraformType.isOne(first):
      return "; that is Terraform's: a resource is { \"Ref\": \"LogicalId\" }, its attribute "
        + "{ \"Fn::GetAtt\": [\"LogicalId\", \"Attribute\"] }"
    default: return nil
    }
  }
}
