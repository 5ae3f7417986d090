// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";

/// @title Domain
/// @notice The EIP-712 domain of every SINSO contract: name "SINSO", version "1", the chain, and the contract that checks.
/// @dev Invariant: a signature for one contract or chain is worth nothing on another, also after a chain splits.
abstract contract Domain is IERC5267 {
    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    bytes32 private immutable SEPARATOR = _computeSeparator();
    uint256 private immutable CHAIN_ID = block.chainid;

    /// @inheritdoc IERC5267
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        )
    {
        // 0x0f: name, version, chainId and verifyingContract are used (EIP-5267).
        return (hex"0f", "SINSO", "1", block.chainid, address(this), bytes32(0), new uint256[](0));
    }

    /// @notice The EIP-712 domain separator in force.
    function domainSeparator() public view returns (bytes32) {
        return block.chainid == CHAIN_ID ? SEPARATOR : _computeSeparator();
    }

    /// @dev The digest that is signed for a struct hash (EIP-712).
    function _digest(bytes32 structHash) internal view returns (bytes32 digest) {
        bytes32 separator = domainSeparator();
        // keccak256(abi.encodePacked(hex"1901", separator, structHash)), above what is in use of the memory.
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, hex"1901")
            mstore(add(at, 2), separator)
            mstore(add(at, 34), structHash)
            digest := keccak256(at, 66)
        }
    }

    function _computeSeparator() private view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, keccak256("SINSO"), keccak256("1"), block.chainid, address(this)));
    }
}
