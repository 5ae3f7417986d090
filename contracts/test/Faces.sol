// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {IAssets} from "../src/IAssets.sol";
import {IERC5192} from "../src/IERC5192.sol";
import {IExchange} from "../src/IExchange.sol";
import {IIdentity} from "../src/IIdentity.sol";
import {ILedger} from "../src/ILedger.sol";
import {ILicences} from "../src/ILicences.sol";
import {IRequests} from "../src/IRequests.sol";
import {ISettlement} from "../src/ISettlement.sol";

// All faces of a contract, as a test calls it: its code is not compiled into the tests.

interface IDomain is IERC5267 {
    function domainSeparator() external view returns (bytes32);
}

interface Identity is IIdentity, IERC721Metadata, IERC5192, IDomain {}

interface Assets is IAssets, IERC721Metadata, IERC2981, IDomain {}

interface Settlement is ISettlement, IDomain {
    function MIN_WINDOW() external view returns (uint256);
    function MAX_WINDOW() external view returns (uint256);
}

interface Exchange is IExchange, ILedger, IDomain {
    function MIN_WINDOW() external view returns (uint256);
    function MAX_WINDOW() external view returns (uint256);
}

interface Licences is ILicences, IERC721Metadata, IERC2981, IERC5192 {}

interface Requests is IRequests, ILedger, IDomain {
    function MAX_NOTICE() external view returns (uint256);
    function MAX_TIME() external view returns (uint256);
}
