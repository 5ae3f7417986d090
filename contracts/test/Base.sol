// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Forge's cheat codes, as far as these tests use them.
interface Vm {
    struct Gas {
        uint64 gasLimit;
        uint64 gasTotalUsed;
        uint64 gasMemoryUsed;
        int64 gasRefunded;
        uint64 gasRemaining;
    }

    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function addr(uint256 key) external pure returns (address);
    function assume(bool condition) external pure;
    function chainId(uint256 id) external;
    function computeCreateAddress(address deployer, uint256 nonce) external pure returns (address);
    function deal(address who, uint256 amountWei) external;
    function envOr(string calldata name, bool otherwise) external view returns (bool);
    function etch(address who, bytes calldata code) external;
    function exists(string calldata path) external view returns (bool);
    function expectEmit(bool, bool, bool, bool, address emitter) external;
    function expectRevert(bytes calldata data) external;
    function expectRevert() external;
    function getCode(string calldata artifact) external view returns (bytes memory);
    function getRecordedLogs() external returns (Log[] memory);
    function getNonce(address who) external view returns (uint64);
    function lastCallGas() external view returns (Gas memory);
    function load(address who, bytes32 slot) external view returns (bytes32);
    function parseJsonBytes(string calldata json, string calldata key) external pure returns (bytes memory);
    function parseBytes(string calldata text) external pure returns (bytes memory);
    function parseUint(string calldata text) external pure returns (uint256);
    function prevrandao(bytes32 value) external;
    function prank(address sender) external;
    function recordLogs() external;
    function readFile(string calldata path) external view returns (string memory);
    function split(string calldata text, string calldata by) external pure returns (string[] memory);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function store(address who, bytes32 slot, bytes32 value) external;
    function toString(address value) external pure returns (string memory);
    function toString(uint256 value) external pure returns (string memory);
    function warp(uint256 timestamp) external;
    function writeFile(string calldata path, string calldata text) external;
}

/// @notice What every test has: cheat codes and claims that say what was got and wanted.
abstract contract Base {
    error Differs(string what, uint256 got, uint256 want);
    error NotDeployed(string name);
    error NotTrue(string what);

    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// @notice Makes a contract from the code that is shipped, whatever the tests are compiled with. DEPLOY_SOURCE=true, for
    /// coverage, takes what Forge compiled.
    /// A constructor's revert is passed on.
    /// @param args The constructor's, ABI encoded.
    function deploy(string memory name, bytes memory args) internal returns (address made) {
        bytes memory code = vm.envOr("DEPLOY_SOURCE", false)
            ? vm.getCode(string.concat("src/", name, ".sol:", name))
            : vm.parseJsonBytes(vm.readFile(string.concat("abi/", name, ".json")), ".bytecode");
        code = bytes.concat(code, args);
        assembly ("memory-safe") {
            made := create(0, add(code, 32), mload(code))
            if and(iszero(made), gt(returndatasize(), 0)) {
                returndatacopy(code, 0, returndatasize())
                revert(code, returndatasize())
            }
        }
        if (made == address(0)) revert NotDeployed(name);
    }

    /// @notice Where the next contract that this one makes will be.
    function nextAddress() internal view returns (address) {
        return vm.computeCreateAddress(address(this), vm.getNonce(address(this)));
    }

    /// @dev A time up to `span` seconds; every other one is the second before an end, the end or the second after: there are mistakes.
    function around(uint256 end, uint256 seed, uint256 span) internal pure returns (uint256) {
        if (seed % 2 == 1) return seed / 2 % span;
        return end + seed / 2 % 3 - (end == 0 ? 0 : 1);
    }

    function eq(uint256 got, uint256 want, string memory what) internal pure {
        if (got != want) revert Differs(what, got, want);
    }

    function eq(address got, address want, string memory what) internal pure {
        eq(uint256(uint160(got)), uint256(uint160(want)), what);
    }

    function eq(bytes32 got, bytes32 want, string memory what) internal pure {
        eq(uint256(got), uint256(want), what);
    }

    function isTrue(bool claim, string memory what) internal pure {
        if (!claim) revert NotTrue(what);
    }

    function wants(bytes4 selector) internal {
        vm.expectRevert(abi.encodePacked(selector));
    }

    function wants(bytes4 selector, uint256 a) internal {
        vm.expectRevert(abi.encodeWithSelector(selector, a));
    }

    function wants(bytes4 selector, address a) internal {
        vm.expectRevert(abi.encodeWithSelector(selector, a));
    }

    function wants(bytes4 selector, uint256 a, address b) internal {
        vm.expectRevert(abi.encodeWithSelector(selector, a, b));
    }

    function signature(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }
}
