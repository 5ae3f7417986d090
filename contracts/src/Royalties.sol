// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRoyalties} from "./IRoyalties.sol";
import {Royalty} from "./Royalty.sol";

/// @title Royalties
/// @notice Makes the royalty receiver of each asset token, at an address that is known before.
/// @dev Invariant: whatever is sent to a token's receiver, before or after it is deployed, can be distributed by that
/// token's split and by nothing else. The Assets contract deploys this one.
contract Royalties is IRoyalties {
    Royalty private immutable IMPLEMENTATION = new Royalty(msg.sender);

    /// @inheritdoc IRoyalties
    function open(uint256 tokenId) external returns (address receiver) {
        receiver = receiverOf(tokenId);
        if (receiver.code.length != 0) return receiver;
        bytes memory creation = _creationCode();
        address made;
        // create2 has no Solidity form for bytes that are built at run time. Reads memory only.
        assembly ("memory-safe") {
            made := create2(0, add(creation, 32), mload(creation), tokenId)
        }
        if (made != receiver) revert NotOpened(tokenId);
        emit Opened(tokenId, receiver);
    }

    /// @inheritdoc IRoyalties
    function receiverOf(uint256 tokenId) public view returns (address) {
        bytes32 hash = keccak256(abi.encodePacked(hex"ff", address(this), tokenId, keccak256(_creationCode())));
        return address(uint160(uint256(hash)));
    }

    /// @dev Creation code of a minimal proxy (ERC-1167) with six bytes before it that take plain money and stop. Without
    /// them a market that sends only 2,300 gas could pay an address before its receiver exists, but not after: the
    /// proxied call alone costs 2,600 (EIP-2929).
    function _creationCode() private view returns (bytes memory) {
        return abi.encodePacked(
            hex"3d603380600a3d3981f3", // return the 51 bytes that follow
            hex"36600557005b", // calldatasize, push 5, jumpi, stop, jumpdest
            hex"363d3d373d3d3d363d73", // ERC-1167: copy the call data, push the implementation …
            address(IMPLEMENTATION),
            hex"5af43d82803e903d91603157fd5bf3" // … delegate the call, return or revert with what came back
        );
    }
}
