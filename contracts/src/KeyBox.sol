// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Curve} from "./Curve.sol";
import {Delivery} from "./IExchange.sol";

/// @title KeyBox
/// @notice A content key (CEK) masked for the buyer of one trade, and the commitment that it must match.
library KeyBox {
    /// @notice The CEK in the box of a delivery, as the buyer with this secret sees it:
    /// masked xor sha256("sinso/keybox/v1" ‖ S.x ‖ S.y ‖ orderHash), where S = buyerSecret·(ephemeral key).
    function open(Delivery calldata delivery, uint256 buyerSecret) internal view returns (bytes32 cek) {
        (uint256 sharedX, uint256 sharedY) = Curve.mul(delivery.ephemeralX, delivery.ephemeralY, buyerSecret);
        bytes32 mask = sha256(abi.encodePacked("sinso/keybox/v1", sharedX, sharedY, delivery.orderHash));
        return delivery.masked ^ mask;
    }

    /// @notice What a seller commits to with an order: sha256("sinso/key/v1" ‖ CEK ‖ payload CID).
    function commitment(bytes32 cek, bytes calldata payloadCid) internal pure returns (bytes32) {
        return sha256(abi.encodePacked("sinso/key/v1", cek, payloadCid));
    }
}
