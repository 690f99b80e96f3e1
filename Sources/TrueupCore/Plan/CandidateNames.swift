/// The names that a resource may have: the declared one, else a generated one of each generation. None for
/// kinds without names. Generated names are made when they are asked for: a resource that is known by its
/// tags keeps its name, whatever it is.
final class CandidateNames {
  /// Whether Trueup makes them, because the blueprint declares none.
  let isGenerated: Bool
  private(set) lazy var all = make()
  private let make: () -> [String]

  init(isGenerated: Bool, _ make: @escaping () -> [String]) {
    self.isGenerated = isGenerated
    self.make = make
  }

  /// The generation of a name that Trueup made; 0 for one that it did not.
  func generation(of name: String?) -> Int {
    guard isGenerated, let name else { return 0 }
    return all.firstIndex(of: name) ?? 0
  }
}
