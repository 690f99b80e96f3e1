// swift-tools-version: 6.2
import PackageDescription

// Reading, writing and digesting is most of what a run computes: optimised in debug builds too, or the tests
// would wait for it.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "trueup",
  products: [.executable(name: "trueup", targets: ["trueup"])],
  targets: [
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CSpawn"),
    .target(
      name: "CContracts", exclude: ["api-models.json", "registry-schemas.json"]),

    .target(name: "Document", swiftSettings: optimised),
    .target(name: "Digest", swiftSettings: optimised),
    .target(name: "AWSClient", dependencies: ["Document", "Digest", "CCurl", "CContracts"]),
    .target(name: "TrueupCore", dependencies: ["Document", "Digest", "CContracts"]),
    .target(name: "DesiredState", dependencies: ["Document", "TrueupCore"]),
    .target(name: "Kinds", dependencies: ["Digest", "Document", "TrueupCore"]),
    .target(name: "Journal", dependencies: ["CSQLite", "Document", "TrueupCore"]),
    .target(
      name: "Engine",
      dependencies: [
        "AWSClient", "Digest", "Document", "Journal", "DesiredState", "TrueupCore",
      ]),
    .target(name: "Reports", dependencies: ["Document", "TrueupCore"]),
    .executableTarget(
      name: "trueup",
      dependencies: [
        "AWSClient", "CSpawn", "Document", "TrueupCore", "DesiredState", "Kinds", "Journal",
        "Engine", "Reports",
      ]),

    // Not part of the product: the benchmarks.
    .executableTarget(
      name: "ApplyBench",
      dependencies: [
        "AWSClient", "Document", "TrueupCore", "DesiredState", "Kinds", "Journal", "Engine",
      ],
      path: "Scripts/bench/ApplyBench"),
    .executableTarget(
      name: "NeededReads", dependencies: ["Document", "TrueupCore", "Kinds"],
      path: "Scripts/bench/NeededReads"),

    .testTarget(name: "DocumentTests", dependencies: ["Document"]),
    .testTarget(name: "DigestTests", dependencies: ["Digest"]),
    .testTarget(
      name: "AWSClientTests", dependencies: ["AWSClient", "Document"], exclude: ["Fixtures"]),
    .testTarget(name: "TrueupCoreTests", dependencies: ["TrueupCore", "Digest", "Document"]),
    .testTarget(
      name: "DesiredStateTests", dependencies: ["DesiredState", "TrueupCore", "Document"]),
    .testTarget(
      name: "KindsTests", dependencies: ["Kinds", "AWSClient", "TrueupCore", "Document"]),
    .testTarget(name: "JournalTests", dependencies: ["Journal", "TrueupCore", "Document"]),
    .testTarget(
      name: "EngineTests",
      dependencies: [
        "Engine", "AWSClient", "Journal", "DesiredState", "TrueupCore", "Document",
      ]),
    .testTarget(
      name: "ReportsTests", dependencies: ["Reports", "TrueupCore", "Document"],
      exclude: ["Golden"]),
    .testTarget(
      name: "trueupTests", dependencies: ["trueup", "Reports", "TrueupCore", "Document"]),
    .testTarget(
      name: "EndToEndTests", dependencies: ["Document"],
      exclude: ["Completions", "Fleet", "Golden"]),
  ],
  swiftLanguageModes: [.v6],
  // C23 has #embed.
  cLanguageStandard: .c2x
)
