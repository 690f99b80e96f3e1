extension DesiredStack {
  /// The stack without some resources, and with what refers to them referring to others.
  func redirected(_ others: [Address: Address]) -> DesiredStack {
    var stack = self
    stack.resources = resources.filter { others[$0.address] == nil }.map { resource in
      var resource = resource
      resource.properties = resource.properties.redirected(others)
      resource.tags = resource.tags.mapValues { $0.redirected(others) }
      resource.dependsOn = resource.dependsOn.map { others[$0] ?? $0 }
        .filter { $0 != resource.address }
      return resource
    }
    stack.outputs = outputs.map { output in
      var output = output
      output.value = output.value.redirected(others)
      return output
    }
    return stack
  }
}
